"""The invariants, each from what was acknowledged and what was read to a judgement. Nothing is sent here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from integrity.acts import TOO_MANY, Act
from integrity.breaches import DELETED, LOST, ONE_BOOKING, OWN_ANSWER, TOGETHER, TOTALS, UNIQUE
from integrity.judgement import BROKEN, KEPT, UNDECIDED, Judgement

CONFLICT = 409
REFUSALS = (401, 403)
SUMMER_TIMES = (timedelta(0), timedelta(hours=-1), timedelta(hours=1))
"""In a server's zone, times of the other half of the year lie an hour off."""


def unique(what: str, tries: Sequence[Act]) -> Judgement:
    """Of equal creations one wins, and the others are told that it is there."""
    won = [act for act in tries if act.acknowledged]
    if len(won) > 1:
        records = [f"{what} {act.record}" for act in won]
        told = f"{len(won)} of {len(tries)} equal creations were answered {won[0].status}"
        return Judgement(UNIQUE, BROKEN, told, records, tries)
    if any(act.unknown or act.status in (*REFUSALS, TOO_MANY) for act in tries):
        return Judgement(UNIQUE, UNDECIDED, f"not every creation of {what} was answered")
    if not won:
        return Judgement(UNIQUE, BROKEN, f"none of {len(tries)} equal creations of something new won", [], tries)
    wrong = [act for act in tries if act not in won and act.status != CONFLICT]
    if wrong:
        told = f"a creation of what was there already was answered {wrong[0].status}, not {CONFLICT}"
        return Judgement(UNIQUE, BROKEN, told, [f"{what} {won[0].record}"], tries)
    return Judgement(UNIQUE, KEPT)


def one_row(what: str, rows: Sequence[Any], tries: Sequence[Act]) -> Judgement:
    """What is unique stands in its list once."""
    if len(rows) > 1:
        records = [f"{what} {row.id}" for row in rows]
        return Judgement(UNIQUE, BROKEN, f"the list has {len(rows)} of what there can be one", records, tries)
    return Judgement(UNIQUE, KEPT)


def there(
    what: str, written: Iterable[Act], rows: Mapping[int, Any], fields: Sequence[str], shift: timedelta | None
) -> Iterator[Judgement]:
    """Every record that was acknowledged is among the rows, with the values written. `shift`: of times as read."""
    for act in written:
        record = act.record
        assert record is not None
        named = [f"{what} {record}"]
        row = rows.get(record)
        if row is None:
            yield Judgement(
                LOST, BROKEN, f"{what} {record} was acknowledged ({act.status}) and is not there", named, [act]
            )
            continue
        sent = act.ask.body or {}
        other = [name for name in fields if not same(sent.get(name), getattr(row, name), shift)]
        if other:
            told = f"{what} {record} has another {' and '.join(other)} than was acknowledged"
            yield Judgement(LOST, BROKEN, told, named, [act])
        else:
            yield Judgement(LOST, KEPT)


def same(sent: Any, read: Any, shift: timedelta | None) -> bool:
    """Whether a value came back as it was written; times may be shifted by the server's zone."""
    if not (isinstance(read, datetime) and isinstance(sent, str)):
        return bool(sent == read)
    written = datetime.fromisoformat(sent)
    return shift is None or any(read == written + shift + summer for summer in SUMMER_TIMES)


def gone(what: str, left: Sequence[str], acts: Sequence[Act]) -> Judgement:
    """After an acknowledged removal neither the record is `left` nor what belonged to it."""
    if not left:
        return Judgement(DELETED, KEPT)
    told = f"{what} was deleted, and {' and '.join(left)} {'is' if len(left) == 1 else 'are'} there"
    return Judgement(DELETED, BROKEN, told, [what, *left], acts)


def together(act: Act, associations: Sequence[Any]) -> Judgement:
    """A file that was acknowledged has the one association that its answer names, by whoever made it."""
    file, named = act.record, act.answer.association_id
    records = [f"file {file}", *(f"association {row.id}" for row in associations)]
    if named is None:
        return Judgement(TOGETHER, BROKEN, f"file {file} was made without its association", records, [act])
    if [row.id for row in associations] != [named]:
        told = (
            f"file {file} was answered with association {named}, and has {[row.id for row in associations] or 'none'}"
        )
        return Judgement(TOGETHER, BROKEN, told, records, [act])
    (row,) = associations
    body = act.ask.body or {}
    if (row.entidad, row.entidad_id) != (body["entidad"], body["entidad_id"]):
        return Judgement(TOGETHER, BROKEN, f"association {named} is about another record", records, [act])
    if row.autor_id not in (None, act.ask.racer.user_id):
        return Judgement(TOGETHER, BROKEN, f"association {named} names another author", records, [act])
    return Judgement(TOGETHER, KEPT)


def one_booking(tries: Sequence[Act], rows: Sequence[Any]) -> Judgement:
    """`rows` are the appointments of one doctor at one time."""
    won = [act for act in tries if act.acknowledged]
    if len(won) > 1 or len(rows) > 1:
        records = [f"appointment {row.id}" for row in rows] or [f"appointment {act.record}" for act in won]
        told = f"one doctor has {max(len(rows), len(won))} appointments at one time"
        return Judgement(ONE_BOOKING, BROKEN, told, records, tries)
    return Judgement(ONE_BOOKING, KEPT)


def own_answer(act: Act) -> Judgement:
    """Who asks who they are is told so."""
    if not act.acknowledged:
        return Judgement(OWN_ANSWER, UNDECIDED, f"{act.ask.endpoint} was answered {act.status or 'not at all'}")
    return _about(act, act.ask.racer.user_id, "user")


def own_record(act: Act) -> Judgement:
    """Who asks for a record by its id gets that one."""
    return _about(act, act.ask.params["id"], "record")


def _about(act: Act, asked: int, what: str) -> Judgement:
    got = act.answer.id
    if got != asked:
        told = f"the answer for {what} {asked} was that of {what} {got}"
        return Judgement(OWN_ANSWER, BROKEN, told, [f"{what} {got}"], [act])
    return Judgement(OWN_ANSWER, KEPT)


def totals(what: str, told: Sequence[int], rows: Sequence[Any], acts: Sequence[Act]) -> Judgement:
    """`told` are the totals of the list's pages, `rows` all that stood on them."""
    if len(set(told)) > 1:
        return Judgement(TOTALS, UNDECIDED, f"{what} was changed by others while it was read")
    distinct = {row.id for row in rows}
    if set(told) != {len(distinct)} or len(distinct) != len(rows):
        said = " and ".join(str(total) for total in dict.fromkeys(told))
        return Judgement(TOTALS, BROKEN, f"{what} says {said} and has {len(distinct)} rows", [what], acts)
    return Judgement(TOTALS, KEPT)
