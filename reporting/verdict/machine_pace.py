"""What a machine that is slower today than it was does to a comparison: its share of a change is not told."""

import math
from collections.abc import Iterable, Sequence
from statistics import fmean

from reporting.metrics.timeline import Timeline
from reporting.verdict.significance import ERROR_RATE, p_value

WORTH_TELLING = 0.05
"""By which share the machine's pace must differ."""
NO_CHANGE = 1.0
"""As a p."""


def pace_ratios(before: Sequence[Sequence[float | None]], after: Sequence[Sequence[float | None]]) -> list[float]:
    """How many times as long the same work took, by its median and its p95; nothing when that is not known."""
    known = [(list(filter(None, then)), list(filter(None, now))) for then, now in zip(before, after, strict=True)]
    return [fmean(now) / fmean(then) for then, now in known if then and now]


def pace_of(timeline: Timeline, start: int, end: int) -> tuple[Sequence[float | None], Sequence[float | None]]:
    """The medians and the p95s of these intervals."""
    return timeline.pace.p50[start:end], timeline.pace.p95[start:end]


def steady_pace(timeline: Timeline) -> tuple[Sequence[float | None], Sequence[float | None]]:
    return pace_of(timeline, timeline.steady_from, timeline.steady_to)


def p_beyond_the_machine(before: Sequence[float], after: Sequence[float], factors: Iterable[float]) -> float | None:
    """The p of a difference that is one whatever the machine's share: none, or one of these factors."""
    p = p_value(before, after)
    for factor in factors:
        if p is None or p > ERROR_RATE:
            break
        expected = [value * factor for value in before]
        same_side = (_level(after) > _level(before)) == (_level(after) > _level(expected))
        p = max(p, p_value(expected, after) or 0.0) if same_side else NO_CHANGE
    return p


def _level(values: Sequence[float]) -> float:
    return fmean(map(math.log1p, values))


def sentence_of(ratios: Sequence[float]) -> str:
    """`the machine took 21 % more time for the same work; changes that this explains are not told`, or nothing."""
    if not ratios or max(abs(ratio - 1) for ratio in ratios) < WORTH_TELLING:
        return ""
    furthest = max(ratios, key=lambda ratio: abs(ratio - 1))
    by = f"{abs(furthest - 1):.0%}".replace("%", f" % {'more' if furthest > 1 else 'less'} time")
    return f"the load generator's machine took {by} for the same work; changes that this explains are not told"
