"""One audit: asks every cell, and takes away what it made and what leaks let it make."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from access.belongings import USER, Belongings, Maker
from access.findings import LEAK, REFUSED, UNDECIDED
from access.judging import Judgement, Owner, Reply, judged, worst
from access.matrix import ANOTHERS, MORE_RIGHTS, OWN_RECORD, UNKNOWN_ID, Cell
from access.outcomes import Outcomes
from access.people import ADMIN, Asked, People
from access.questions import FRESH, ROW_KINDS, ROWS, Question, question
from api.endpoint import Endpoint
from api.endpoints import ENDPOINTS, GET_PATIENT, GET_USER, UPDATE_PATIENT, UPDATE_USER, WHO_AM_I
from api.failures import NothingToDo, RequestFailed, TaskCannotGoOn
from records.payloads import PATIENT, Payloads

ACCOUNT_FIELDS = ("username", "correo", "telefono", "rol_id")
REMOVALS: Mapping[str, Endpoint[Any]] = {
    endpoint.path: endpoint for endpoint in ENDPOINTS if endpoint.method == "DELETE"
}


class NotAsked(Exception):
    """This cell cannot be asked on this CMS, for this reason."""


class Ask(Protocol):
    """Sends one request with this token, or none, and returns what comes. Raises RequestFailed when nothing does."""

    def __call__(self, endpoint: Endpoint[Any], question: Question, token: str | None) -> Reply: ...


class AccessAudit:
    """`call` is a signed-in administrator's; `ask` sends what may be refused."""

    def __init__(
        self, call: Callable[..., Any], ask: Ask, maker: Maker, payloads: Payloads, people: People, asked: Asked
    ) -> None:
        self._call, self._ask, self._maker, self._payloads = call, ask, maker, payloads
        self._people, self._asked = people, asked
        self._adopted: set[Owner] = set()

    def ask_cell(self, cell: Cell, outcomes: Outcomes) -> None:
        """Asks it in all ways that there are; what cannot be asked here is counted by its reason."""
        try:
            if cell.token_is_broken and cell.role not in self._people.broken:
                raise NotAsked(f"there is no token of the kind '{cell.role}'")
            tried = list(self._tries(cell, outcomes))
        except NotAsked as reason:
            outcomes.add_unasked(str(reason))
            return
        except KeyError as needed:
            outcomes.add_unasked(self._lacking(str(needed.args[0])))
            return
        except (RequestFailed, TaskCannotGoOn) as failure:
            tried = [(Judgement(UNDECIDED, f"what it needs could not be had: {failure}"), Question({}))]
        judgement = worst(judgement for judgement, _ in tried)
        outcomes.add(cell, judgement, next(question for found, question in tried if found is judgement))

    def _tries(self, cell: Cell, outcomes: Outcomes) -> Iterator[tuple[Judgement, Question]]:
        if cell.whose == MORE_RIGHTS:
            yield self._try_for_more_rights(outcomes)
            return
        own = self._asked.own.get(cell.role, ())

        def is_own(owner: Owner) -> bool:
            return owner in self._adopted or owner in own

        for owner in self._owners(cell):
            token, expected = self._token(cell, owner), self._expected(cell, owner)
            for asked in self._questions(cell, owner):
                outcomes.requests += 1
                self._announce(cell.endpoint, asked)
                try:
                    reply = self._ask(cell.endpoint, asked, token)
                except RequestFailed as failure:
                    yield Judgement(UNDECIDED, str(failure)), asked
                else:
                    self._keep_account(cell.endpoint, asked, reply)
                    yield judged(cell, asked, reply, expected, is_own), asked

    def _owners(self, cell: Cell) -> Iterator[Belongings]:
        """Whose records the cell is about; what a try may use up is made anew for it."""
        owner = self._asked.mine[cell.role] if cell.whose == OWN_RECORD else self._asked.anothers
        kind = FRESH.get(cell.endpoint)
        if kind is not None:
            try:
                owner = self._maker.make(kind, owner)
            except (NothingToDo, KeyError):
                raise NotAsked(self._lacking(kind)) from None
            if cell.whose == OWN_RECORD and kind == PATIENT:
                self._adopted.add(Owner(PATIENT, owner.ids[PATIENT]))
        yield owner
        if cell.whose == ANOTHERS and cell.endpoint.method == "GET" and not cell.allowed and self._asked.real.ids:
            yield self._asked.real

    def _questions(self, cell: Cell, owner: Belongings) -> Iterator[Question]:
        """A list is asked as it is, too: what a filter hides must not come without one."""
        endpoint = cell.endpoint
        if cell.whose == UNKNOWN_ID:
            if endpoint not in self._asked.unknown:
                raise NotAsked("no id is known that no record has")
            yield Question({endpoint.path_keys[0]: self._asked.unknown[endpoint]})
            return
        if cell.whose == ANOTHERS and endpoint in ROW_KINDS and not cell.allowed and "limit" in endpoint.query:
            yield Question({"limit": ROWS})
        try:
            yield question(endpoint, owner, self._payloads)
        except (KeyError, NothingToDo) as needed:
            if owner is not self._asked.real:
                raise NotAsked(self._lacking(str(next(iter(needed.args), "record")))) from None

    def _lacking(self, kind: str) -> str:
        why = self._maker.missing.get(kind)
        return f"there is no {kind} to ask for" + (f" ({why})" if why else "")

    def _token(self, cell: Cell, owner: Belongings) -> str | None:
        """A patient whose own record may go asks under the account of that record."""
        if cell.token_is_broken:
            return self._people.broken[cell.role]
        if FRESH.get(cell.endpoint) == PATIENT and (cell.role, cell.whose) == (PATIENT, OWN_RECORD):
            return self._people.sign_in(owner.accounts[PATIENT])()
        return self._people.tokens[cell.role]()

    def _expected(self, cell: Cell, owner: Belongings) -> int | None:
        """The id that the answer must hold."""
        if cell.endpoint is WHO_AM_I:
            return self._people.accounts.get(cell.role)
        return owner.ids.get(ROW_KINDS.get(cell.endpoint, ""))

    def _announce(self, endpoint: Endpoint[Any], asked: Question) -> None:
        """If nobody lives to see the answer, the clean-up looks for what it may have made."""
        if endpoint.method == "POST" and (remove := REMOVALS.get(f"{endpoint.path}/{{id}}")) is not None:
            self._maker.ledger.tries(remove, **asked.params)

    def _keep_account(self, endpoint: Endpoint[Any], asked: Question, reply: Reply) -> None:
        """What was made is to be removed, what was removed need not be."""
        done, ledger = reply.status == endpoint.status, self._maker.ledger
        remove = REMOVALS.get(f"{endpoint.path}/{{id}}") if endpoint.method == "POST" else None
        if done and endpoint.method == "DELETE":
            ledger.removed(endpoint, **asked.params)
        elif done and remove is not None:
            made = endpoint.read(reply.status, reply.body, {})
            ledger.wrote(remove, **asked.params, id=made.id)
        elif remove is not None:
            ledger.failed(remove, **asked.params)

    def _try_for_more_rights(self, outcomes: Outcomes) -> tuple[Judgement, Question]:
        """A patient's own update names another role and another's account, too: neither may change."""
        mine, anothers = self._asked.mine[PATIENT], self._asked.anothers
        user = self._call(GET_USER, id=mine.ids["user of patient"])
        admin = self._call(GET_USER, id=self._people.accounts[ADMIN])
        plain = question(UPDATE_PATIENT, mine, self._payloads)
        more = {"rol_id": admin.rol_id, "role": admin.rol_nombre, "usuario_id": anothers.ids[USER]}
        asked = Question(plain.params, {**(plain.body or {}), **more})
        outcomes.requests += 1
        self._ask(UPDATE_PATIENT, asked, self._people.tokens[PATIENT]())
        raised = []
        if self._call(GET_USER, id=user.id).rol_id != user.rol_id:
            raised.append("the role of the account changed")
            self._call(UPDATE_USER, {name: getattr(user, name) for name in ACCOUNT_FIELDS}, id=user.id)
        if self._call(GET_PATIENT, id=mine.ids[PATIENT]).usuario_id != user.id:
            raised.append("the record went to another account")
            self._call(UPDATE_PATIENT, plain.body, id=mine.ids[PATIENT])
        return Judgement(LEAK, " and ".join(raised)) if raised else Judgement(REFUSED), asked
