"""What an answer says about a cell: allowed, refused, a leak, wrongly refused, or nothing that can be relied upon."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import msgspec

from access.findings import ALLOWED, LEAK, REFUSED, UNDECIDED, WRONGLY_REFUSED, Outcome
from access.matrix import ANOTHERS, BOLA, BOPLA, UNKNOWN_ID, Cell
from access.questions import ROWS, Question
from api.endpoint import Endpoint, error_text
from api.endpoints import (
    LIST_APPOINTMENTS,
    LIST_ASSOCIATIONS,
    LIST_CONSULTATIONS,
    LIST_EPISODES,
    LIST_FILES,
    LIST_NOTIFICATIONS,
    LIST_PATIENTS,
    LIST_POLICIES,
    WHO_AM_I,
)
from api.failures import UnexpectedAnswer

NAMING = frozenset({"id", "paciente_id", "archivo_id"})
"""Parameters that say whose the answer is to be."""
REFUSALS = (401, 403, 404)
OF_A_REFUSAL = {"error", "errors", "detail", "details", "message", "code", "status", "statusCode", "timestamp", "path"}
"""What a body that refuses may have; anything else is data."""
PATIENT, ACCOUNT = "patient", "account"


class Owner(NamedTuple):
    """Whose a row is: a patient's, or that of an account."""

    kind: str
    id: int | None


class Reply(NamedTuple):
    """An answer as it came."""

    status: int
    body: bytes


class Judgement(NamedTuple):
    """`owasp` when it is another number than that of the cell."""

    outcome: Outcome
    what: str = ""
    owasp: str = ""


def _of_patient(name: str) -> Callable[[Any], Owner]:
    return lambda row: Owner(PATIENT, getattr(row, name))


def _of_association(row: Any) -> Owner:
    return Owner(PATIENT, row.entidad_id if row.entidad == "PACIENTE" else None)


OWNERS: Mapping[Endpoint[Any], Callable[[Any], Owner]] = {
    LIST_PATIENTS: _of_patient("id"),
    LIST_APPOINTMENTS: _of_patient("paciente_id"),
    LIST_CONSULTATIONS: _of_patient("id_paciente"),
    LIST_EPISODES: _of_patient("id_paciente"),
    LIST_FILES: _of_association,
    LIST_ASSOCIATIONS: _of_association,
    LIST_POLICIES: _of_patient("id_paciente"),
    LIST_NOTIFICATIONS: lambda row: Owner(ACCOUNT, row.id_usuario),
}

IsOwn = Callable[[Owner], bool]


def judged(cell: Cell, question: Question, reply: Reply, expected: int | None, is_own: IsOwn) -> Judgement:
    """`expected` is the id that the answer must hold; whose rows may be seen says `is_own`."""
    if reply.status in REFUSALS:
        return _refused(cell, reply)
    if not 200 <= reply.status < 300:
        return Judgement(UNDECIDED, f"answered {reply.status} {error_text(reply.body)}".strip())
    if cell.endpoint.method != "GET":
        return Judgement(ALLOWED) if cell.allowed else Judgement(LEAK, f"the write was answered {reply.status}")
    if cell.allowed and _is_anothers(cell.endpoint, question, reply):
        return Judgement(LEAK, "it answered with what somebody else had asked for", BOLA)
    if hasattr(cell.endpoint.returns, "__origin__"):
        return _of_list(cell, reply, expected, is_own)
    return _of_record(cell, reply, expected)


def _is_anothers(endpoint: Endpoint[Any], question: Question, reply: Reply) -> bool:
    """Whether the answer has the right shape, but is not about the person or record that the request names."""
    named = {key: value for key, value in question.params.items() if key in NAMING}
    try:
        endpoint.read(reply.status, reply.body, {})
    except UnexpectedAnswer:
        return False
    try:
        endpoint.read(reply.status, reply.body, named)
    except UnexpectedAnswer:
        return True
    return False


def worst(judgements: Iterable[Judgement]) -> Judgement:
    """Of several tries of one cell."""
    order = (LEAK, WRONGLY_REFUSED, UNDECIDED, ALLOWED, REFUSED)
    return min(judgements, key=lambda judgement: order.index(judgement.outcome))


def _refused(cell: Cell, reply: Reply) -> Judgement:
    if cell.allowed:
        return Judgement(WRONGLY_REFUSED, f"answered {reply.status} {error_text(reply.body)}".strip())
    if data := _data_beside_the_refusal(reply.body):
        return Judgement(LEAK, f"refused with {reply.status}, but the body holds {', '.join(data)}", BOPLA)
    return Judgement(REFUSED)


def _data_beside_the_refusal(body: bytes) -> list[str]:
    try:
        told = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return []
    if isinstance(told, list):
        return ["a list"] if told else []
    return sorted(told.keys() - OF_A_REFUSAL) if isinstance(told, dict) else []


def _of_list(cell: Cell, reply: Reply, expected: int | None, is_own: IsOwn) -> Judgement:
    try:
        rows = cell.endpoint.read(reply.status, reply.body, {}).data
    except UnexpectedAnswer as wrong:
        return Judgement(UNDECIDED, str(wrong))
    if cell.allowed:
        if expected is not None and len(rows) < ROWS and expected not in {row.id for row in rows}:
            return Judgement(WRONGLY_REFUSED, "the list does not show a record that it should")
        return Judgement(ALLOWED)
    owner_of = OWNERS.get(cell.endpoint)
    if owner_of is not None and cell.whose == ANOTHERS:
        owners = [owner_of(row) for row in rows]
        rows = [row for row, owner in zip(rows, owners, strict=True) if owner.id and not is_own(owner)]
    if not rows:
        return Judgement(REFUSED)
    return Judgement(LEAK, f"{len(rows)} {'row' if len(rows) == 1 else 'rows'} that must not be seen")


def _of_record(cell: Cell, reply: Reply, expected: int | None) -> Judgement:
    if cell.endpoint is WHO_AM_I and cell.allowed and expected is not None:
        try:
            found = cell.endpoint.read(reply.status, reply.body, {}).id
        except UnexpectedAnswer as wrong:
            return Judgement(UNDECIDED, str(wrong))
        return Judgement(ALLOWED) if found == expected else Judgement(LEAK, "it answered with another account", BOLA)
    if cell.allowed:
        return Judgement(ALLOWED)
    of = "a record that does not exist" if cell.whose == UNKNOWN_ID else "the record"
    return Judgement(LEAK, f"{of} was answered ({len(reply.body)} bytes)")
