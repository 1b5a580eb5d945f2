"""Whether what was read of one record is what was written to it last, and by one writer."""

from collections.abc import Iterator, Sequence

from integrity.breaches import MIXED, READ_YOUR_WRITES
from integrity.judgement import BROKEN, KEPT, UNDECIDED, Judgement
from integrity.register_history import Seen, Values, contradictions, zones_of


def register(
    what: str,
    writes: Seen,
    readings: Seen,
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
