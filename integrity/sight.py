"""Whether people see what others have written: where they do not, their readings prove nothing."""

from collections.abc import Iterator, Sequence

from access.belongings import FILE
from api.endpoints import (
    GET_PATIENT,
    LIST_ACCESS_CODES,
    LIST_APPOINTMENTS,
    LIST_ASSOCIATIONS,
    LIST_AUDIT_ENTRIES,
    LIST_FILES,
    LIST_USERS,
)
from integrity.acts import Act, Ask, Racer
from integrity.invariants import REFUSALS
from integrity.stage import PAGE, Stage
from records.payloads import DOCTOR, PATIENT


def all_see_everything(stage: Stage, people: Sequence[Racer]) -> bool:
    """Asks each of them for the records of the arena, which are nobody's of them."""
    return all(_sees(act, record) for racer in people for act, record in _asked(stage, racer))


def _asked(stage: Stage, racer: Racer) -> Iterator[tuple[Act, int | None]]:
    """What came, and the id of the row that must be among it."""
    ids, texts = stage.arena.ids, stage.arena.texts
    questions = (
        (GET_PATIENT, {"id": ids[PATIENT]}, None),
        (LIST_APPOINTMENTS, {"medico_id": ids[DOCTOR], "limit": PAGE}, ids.get("appointment")),
        (LIST_USERS, {"search": texts[PATIENT], "limit": PAGE}, ids["user of patient"]),
        (LIST_FILES, {"search": texts.get(FILE, "-"), "limit": PAGE}, ids.get(FILE)),
        (LIST_ASSOCIATIONS, {"archivo_id": ids.get(FILE, ids[PATIENT])}, ids.get("association")),
        (LIST_ACCESS_CODES, {"limit": PAGE}, None),
        (LIST_AUDIT_ENTRIES, {"limit": 1}, None),
    )
    for endpoint, params, record in questions:
        yield stage.at_once([Ask(racer, endpoint, params)])[0], record


def _sees(act: Act, record: int | None) -> bool:
    """A route that is broken hides nothing from anybody in particular."""
    if not act.acknowledged or record is None:
        return act.status not in REFUSALS
    return any(row.id == record for row in act.answer.data)
