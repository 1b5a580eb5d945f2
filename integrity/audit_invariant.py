"""Whether every acknowledged write has left its audit row."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from integrity.acts import Act
from integrity.breaches import AUDITED
from integrity.judgement import BROKEN, KEPT, UNDECIDED, Judgement


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
