"""Where races are held: the people, the records they meet on, how they ask at the same moment, and what they wrote."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import gevent

from access.belongings import Belongings
from api.endpoint import Endpoint
from api.endpoints import ENDPOINTS, WHO_AM_I
from api.failures import RequestFailed, TokenRefused, UnexpectedAnswer
from integrity.acts import Act, Ask, Racer
from integrity.clinic_policies import Policies
from integrity.invariants import totals
from integrity.judgement import BROKEN, Judgement
from records.ledger import Ledger
from records.payloads import Payloads
from records.survey import Survey

Send = Callable[[Racer, Endpoint[Any], Mapping[str, Any], Any], tuple[int, bytes]]
"""Sends one request once and returns status and body. Raises RequestFailed when no answer comes."""

DELAYS = (0.0, 0.0, 0.0, 0.002, 0.005)
"""Seconds: most start together, some in the midst of the others."""
PAGE = 100
TRIES = 3
READ_ANSWERS = frozenset({"GET", "POST"})
REMOVALS: Mapping[str, Endpoint[Any]] = {
    endpoint.path: endpoint for endpoint in ENDPOINTS if endpoint.method == "DELETE"
}


@dataclass(frozen=True)
class Reading:
    """A list as it was read to its end; `whole` when every page came."""

    rows: list[Any]
    totals: list[int]
    acts: list[Act]
    whole: bool

    def by_id(self) -> dict[int, Any]:
        return {row.id: row for row in self.rows}


@dataclass
class Stage:
    """One place of races, one after the other. `arena` are the records that all meet on.

    With `one_by_one`, what would be sent at once is sent one after the other: so it is learned what this API promises
    to anybody. `cpu` are the seconds that checking took so far.
    """

    racers: Sequence[Racer]
    send: Send
    payloads: Payloads
    survey: Survey
    arena: Belongings = field(default_factory=Belongings)
    policies: Policies = field(default_factory=Policies)
    ledger: Ledger = field(default_factory=Ledger)
    rng: Random = field(default_factory=Random)
    one_by_one: bool = False
    after_write: Callable[[Act], None] | None = None
    """Called with each acknowledged write to a record, before the next one is sent if they are one by one."""
    requests: int = 0
    cpu: float = 0.0
    interrupted: bool = False
    """Somebody got no answer at all."""
    refused: bool = False
    """Somebody's token is believed no more."""

    def some(self, least: int, most: int) -> list[Racer]:
        """So many of the racers, or as many as there are."""
        number = self.rng.randint(min(least, len(self.racers)), min(most, len(self.racers)))
        return self.rng.sample(list(self.racers), number)

    def most_kept(self, records: int) -> int:
        """How many are kept: none while it is learned what removing them is like."""
        return 0 if self.one_by_one else records

    def at_once(self, asks: Sequence[Ask]) -> list[Act]:
        """Sends them all together, and returns them in the order in which they were sent; each racer can have one."""
        assert len({ask.racer.line for ask in asks}) == len(asks), "one connection is for one request at a time"
        if self.one_by_one:
            return [self._perform(ask) for ask in asks]
        spread = [replace(ask, delay=ask.delay or self.rng.choice(DELAYS)) for ask in asks]
        self.rng.shuffle(spread)
        sending = [gevent.spawn(self._perform, ask) for ask in spread]
        try:
            gevent.joinall(sending, raise_error=True)
        finally:
            gevent.killall(sending)
        return sorted((each.value for each in sending), key=lambda act: act.sent)

    def ask(self, endpoint: Endpoint[Any], body: Mapping[str, Any] | None = None, /, **params: Any) -> Act:
        """One request of anybody's, while nobody else asks."""
        return self._perform(Ask(self.rng.choice(list(self.racers)), endpoint, params, body))

    def read(self, listing: Endpoint[Any], **filters: Any) -> Reading:
        """All rows of a list, page by page; of one without pages, all at once."""
        limit = min(PAGE, self.survey.largest_page or PAGE)
        paged = "limit" in listing.query
        rows: list[Any] = []
        totals: list[int] = []
        acts: list[Act] = []
        while True:
            page = {"limit": limit, "offset": len(rows)} if paged else {}
            act = self.ask(listing, **filters, **page)
            acts.append(act)
            if not act.acknowledged:
                return Reading(rows, totals, acts, False)
            rows += act.answer.data
            if (pagination := getattr(act.answer, "pagination", None)) is not None:
                totals.append(pagination.total)
            if not paged or len(act.answer.data) < limit:
                return Reading(rows, totals, acts, True)

    def totals_of(self, what: str, listing: Endpoint[Any], first: Reading, **filters: Any) -> Iterator[Judgement]:
        """Whether the list's totals are those of its rows. It may be counted a moment before its rows are read: what
        is wrong once is read again."""
        reading, judgements = first, list[Judgement]()
        for _ in range(TRIES):
            judgements = list(self.judged(totals, what, reading.totals, reading.rows, reading.acts))
            if not any(judgement.state == BROKEN for judgement in judgements):
                break
            reading = self.read(listing, **filters)
            if not reading.whole:
                return
        yield from judgements

    def judged(self, invariant: Callable[..., Judgement | Iterable[Judgement]], *told: Any) -> Iterator[Judgement]:
        """What the invariant says, with the time that it took counted."""
        started = time.thread_time()
        found = invariant(*told)
        judgements = [found] if isinstance(found, Judgement) else list(found)
        self.cpu += time.thread_time() - started
        yield from judgements

    def _perform(self, ask: Ask) -> Act:
        if ask.delay:
            gevent.sleep(ask.delay)
        self._announce(ask)
        self.requests += 1
        sent = time.perf_counter()
        try:
            status, content = self.send(ask.racer, ask.endpoint, ask.params, ask.body)
        except RequestFailed as failure:
            self.interrupted = True
            return Act(ask, sent, time.perf_counter(), None, problem=str(failure))
        done = time.perf_counter()
        answer, problem = self._decoded(ask.endpoint, status, content)
        act = Act(ask, sent, done, status, answer, problem)
        self._keep_account(act)
        if self.after_write is not None and act.writes and act.acknowledged and act.record is not None:
            self.after_write(act)
        return act

    def _decoded(self, endpoint: Endpoint[Any], status: int, content: bytes) -> tuple[Any, str]:
        """The answer, or what is wrong with it. Of updates and removals the status says all."""
        if status == endpoint.status and endpoint.method not in READ_ANSWERS:
            return None, ""
        started = time.thread_time()
        try:
            return endpoint.read(status, content, {}), ""
        except UnexpectedAnswer as failure:
            self.refused |= isinstance(failure, TokenRefused)
            return None, str(failure)
        finally:
            self.cpu += time.thread_time() - started

    def _announce(self, ask: Ask) -> None:
        """If nobody lives to see the answer, the clean-up looks for what it may have made."""
        if (remove := _removal(ask.endpoint)) is not None:
            self.ledger.tries(remove, **ask.params)

    def _keep_account(self, act: Act) -> None:
        remove, params = _removal(act.ask.endpoint), act.ask.params
        if act.acknowledged and act.ask.endpoint.method == "DELETE":
            self.ledger.removed(act.ask.endpoint, **params)
        elif remove is not None and act.acknowledged:
            self.ledger.wrote(remove, **params, id=act.answer.id)
        elif remove is not None and not act.unknown:
            self.ledger.failed(remove, **params)


def _removal(endpoint: Endpoint[Any]) -> Endpoint[Any] | None:
    return REMOVALS.get(f"{endpoint.path}/{{id}}") if endpoint.method == "POST" else None


def is_answering(stage: Stage) -> bool:
    """Whether the API lets a racer in at this moment."""
    return stage.ask(WHO_AM_I).acknowledged
