"""Where the limit of an API lies, in users: from all steps of a search, each with its own interval.

A line through the steps near the limit, on logarithmic scales, says where the tightest budget is used up. What it
leaves open is cut off at the steps that are surely broken, and at those that surely hold with room to spare. Each step
alone would be too bold: with many of them, one sees a calm moment (`benchmarks/search_coverage.py`).
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reporting.metrics.measurements import Interval
from reporting.verdict.bracket import held_users, latest
from reporting.verdict.model import Step
from reporting.verdict.student_t import quantile

NEAR = 1.6
"""Steps with so many times the users of the limit, or the same part of them, are near to it."""
USED = 2.5
"""And those that used their budget by so much more or less."""
BETWEEN_STEPS = 0.05
"""What a step differs from another beyond its own interval, as a share."""
ROOM = 0.85
"""Whose tightest budget is surely used up no further has room to spare."""
FREEDOM_OF_A_STEP = 8
REACH = 2.2
"""Of the line's 95 % interval, in standard errors: Student's t of ten degrees of freedom."""


@dataclass(frozen=True)
class _Point:
    """On logarithmic scales: the users, how much of the budget they used, and how far that may be off."""

    users: float
    strain: float
    error: float


def interval_of(steps: Sequence[Step], confidence: float) -> Interval | None:
    """In whole users; None when nothing held. `confidence` is that of the intervals of the steps."""
    held = held_users(steps)
    if held is None:
        return None
    low, high = _bounds(steps)
    points = list(_points(steps, held, confidence))
    crossed = _crossing(points) if any(not step.held for step in steps) else None
    if crossed is not None and crossed[0] <= (high or crossed[0]) and crossed[1] >= (low or crossed[1]):
        low, high = max(crossed[0], low or 0), min(crossed[1], high or crossed[1])
    return Interval(low if low is None else min(low, held), high if high is None else max(high, held))


def _bounds(steps: Sequence[Step]) -> tuple[int | None, int | None]:
    """The most users that surely hold with room to spare, below the fewest that surely break."""
    known = [(step.users, step.strain_interval) for step in latest(steps).values() if step.strain_interval]
    high = min((users for users, used in known if used.low is not None and used.low > 1), default=None)
    roomy = [users for users, used in known if used.high is not None and used.high < ROOM]
    return max((users for users in roomy if high is None or users < high), default=None), high


def _points(steps: Sequence[Step], held: int, confidence: float) -> Iterator[_Point]:
    reach = quantile((1 + confidence) / 2, FREEDOM_OF_A_STEP)
    for step in steps:
        used = step.strain_interval
        if not step.strain or used is None or not held / NEAR <= step.users <= held * NEAR:
            continue
        ends = [abs(math.log(end / step.strain)) for end in (used.low, used.high) if end]
        if ends and 1 / USED <= step.strain <= USED:
            error = math.hypot(max(ends) / reach, BETWEEN_STEPS)
            yield _Point(math.log(step.users), math.log(step.strain), error)


def _crossing(points: Sequence[_Point]) -> tuple[int, int] | None:
    """Between which users the line through the points may use up the budget; None when it does not rise."""
    if len({point.users for point in points}) < 2:
        return None
    weights = [1 / point.error**2 for point in points]
    whole = sum(weights)
    middle = sum(w * point.users for w, point in zip(weights, points, strict=True)) / whole
    height = sum(w * point.strain for w, point in zip(weights, points, strict=True)) / whole
    spread = sum(w * (point.users - middle) ** 2 for w, point in zip(weights, points, strict=True))
    slope = sum(w * (p.users - middle) * (p.strain - height) for w, p in zip(weights, points, strict=True)) / spread
    if slope <= 0:
        return None
    off = [point.strain - height - slope * (point.users - middle) for point in points]
    misfit = sum(w * each * each for w, each in zip(weights, off, strict=True)) / max(1, len(points) - 2)
    scale = REACH * math.sqrt(max(1.0, misfit))

    def may_be_it(users: int) -> bool:
        x = math.log(users) - middle
        return abs(height + slope * x) <= scale * math.sqrt(1 / whole + x * x / spread)

    users = [math.exp(point.users) for point in points]
    found = [at for at in range(max(1, int(min(users) / NEAR)), int(max(users) * NEAR) + 2) if may_be_it(at)]
    return (found[0], found[-1]) if found else None
