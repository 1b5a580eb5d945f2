"""The invariants, each from what was acknowledged and what was read to a judgement. Nothing is sent here."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from integrity.acts import TOO_MANY, Act
from integrity.breaches import (
    AUDITED,
    DELETED,
    LOST,
    MIXED,
    ONE_BOOKING,
    OWN_ANSWER,
    READ_YOUR_WRITES,
    TOGETHER,
    TOTALS,
    UNIQUE,
)
from integrity.register_history import Values, contradictions, zones_of

State = Literal["kept", "broken", "undecided"]
KEPT: State = "kept"
BROKEN: State = "broken"
UNDECIDED: State = "undecided"
CONFLICT = 409
REFUSALS = (401, 403)
SUMMER_TIMES = (timedelta(0), timedelta(hours=-1), timedelta(hours=1))
"""In a server's zone, times of the other half of the year lie an hour off."""


@dataclass(frozen=True)
class Judgement:
    """Whether one invariant held in one race; `acts` are the requests that tell it."""

    invariant: str
    state: State
    what: str = ""
    records: Sequence[str] = ()
    acts: Sequence[Act] = ()


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


def register(
    what: str,
    writes: Sequence[tuple[Act, Values]],
    readings: Sequence[tuple[Act, Values]],
    before: Values,
    past: Sequence[Values] = (),
) -> Iterator[Judgement]:
    """What is read of one record is one write's values, as a whole, and not those that others have followed.

    `past` are values that were replaced before any of this began.
    """
    known = [before, *(values for _, values in writes)]
    acts = sorted([*(act for act, _ in writes), *(act for act, _ in readings)], key=lambda act: act.sent)
    for _, seen in readings:
        if seen in known:
            continue
        if seen in past:
            told = f"{what} was read with values of long ago, which acknowledged writes had replaced"
            yield Judgement(READ_YOUR_WRITES, BROKEN, told, [what], acts)
            return
        mixed = all(any(values[name] == value for values in (*known, *past)) for name, value in seen.items())
        if mixed:
            yield Judgement(MIXED, BROKEN, f"{what} holds fields of several writers at once", [what], acts)
        else:
            yield Judgement(MIXED, UNDECIDED, f"{what} holds values that no racer wrote: it was changed by others")
        return
    yield Judgement(MIXED, KEPT)
    found = next(contradictions(zones_of(writes, readings, before)), None)
    if found is None:
        yield Judgement(READ_YOUR_WRITES, KEPT)
        return
    late, newer = found
    told = f"{what} was read with values that an acknowledged write had replaced before"
    shown = sorted({id(act): act for act in (*late.acts, *newer.acts)}.values(), key=lambda act: act.sent)
    yield Judgement(READ_YOUR_WRITES, BROKEN, told, [what], shown)


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


def audited(written: Sequence[Act], rows: Sequence[Any], whole: bool) -> Iterator[Judgement]:
    """One audit row for every acknowledged write to a record, by its writer. `rows` are those of one kind of write.

    `whole` when nothing of it can stand further back in the log.
    """
    of_record: dict[int | None, list[Act]] = {}
    for act in written:
        of_record.setdefault(act.record, []).append(act)
    found: dict[int, list[int | None]] = {}
    for row in rows:
        found.setdefault(row.entidad_id, []).append(row.usuario_id)
    for record, acts in of_record.items():
        done = [act.ask.racer.user_id for act in acts if act.acknowledged]
        seen = found.get(record or 0, [])
        if sorted(done) == sorted(user or 0 for user in seen):
            yield Judgement(AUDITED, KEPT)
            continue
        authors: Counter[int | None] = Counter(seen)
        wanted: Counter[int | None] = Counter(done)
        path = acts[0].ask.endpoint
        named = [f"record {record} of {path}"]
        if authors.total() < wanted.total():
            if not whole:
                yield Judgement(AUDITED, UNDECIDED, "the audit log was too full to look for every row")
                continue
            told = f"{wanted.total()} acknowledged {path} of record {record}, and {authors.total()} audit rows"
            yield Judgement(AUDITED, BROKEN, told, named, acts)
        elif authors.total() > len(done) + sum(act.unknown for act in acts):
            yield Judgement(AUDITED, UNDECIDED, f"record {record} of {path} was changed by others meanwhile")
        elif wanted - authors and None not in authors:
            told = f"the audit row of {path} for record {record} names another user"
            yield Judgement(AUDITED, BROKEN, told, named, acts)
        else:
            yield Judgement(AUDITED, KEPT)


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
