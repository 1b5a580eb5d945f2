"""The middle of many pairs, of which some were disturbed.

By Huber's estimator (P. J. Huber, Robust estimation of a location parameter, Ann. Math. Statist. 35, 1964): nearly as
sharp as the mean where nothing disturbs, and hardly moved by the few that are far off.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from reporting.metrics.pairs import STEP, steps_of

OF_A_NORMAL_DISTRIBUTION = 1.4826
"""Times the median absolute deviation is the standard deviation."""
HUBER = 1.345
"""So many standard deviations from the middle a pair counts in full: 95 % as sharp as the mean for normal noise."""
ROUNDS = 50


@dataclass(frozen=True)
class Middle:
    """In steps of the scale: where most of the pairs lie, how far one may be off to count in full, how many do."""

    value: float
    bound: float
    inside: float

    def off(self, key: int) -> float:
        return max(-self.bound, min(self.bound, steps_of(key) - self.value))

    def scores(self, order: Mapping[int, int], weight: float) -> dict[int, float]:
        """By how much each pair moves the middle."""
        return {key: self.off(key) / self.inside * weight for key in order}


def middle_of(order: Mapping[int, int]) -> Middle:
    start = _median({key: steps_of(key) for key in order}, order)
    deviation = _median({key: abs(steps_of(key) - start) for key in order}, order)
    bound = HUBER * max(1.0, OF_A_NORMAL_DISTRIBUTION * deviation)
    number = sum(order.values())
    middle = Middle(start, bound, 1.0)
    for _ in range(ROUNDS):
        pull = sum(count * middle.off(key) for key, count in order.items())
        inside = sum(count for key, count in order.items() if abs(steps_of(key) - middle.value) <= bound)
        if not inside:
            break
        middle = Middle(middle.value + pull / inside, bound, inside / number)
        if abs(pull / inside) < STEP:
            break
    return middle


def _median(values: Mapping[int, float], counts: Mapping[int, int]) -> float:
    """The middle one, or the mean of the two in the middle."""
    number, passed = sum(counts.values()), 0
    lower: float | None = None
    for key in sorted(values, key=values.__getitem__):
        passed += counts[key]
        if lower is None and 2 * passed >= number:
            lower = values[key]
        if 2 * passed > number:
            return ((values[key] if lower is None else lower) + values[key]) / 2
    raise ValueError("there is no middle of nothing")
