"""How many times as long one host takes as another, by pairs of answers; and whether one fails more often.

It looks for the middle of the ratios' logarithms. Pairs in which NEW was first and those in which it was second have a
middle each, so that what the order does cancels.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reporting.metrics.pairs import STEP, Cell, is_new_first
from reporting.verdict.dependence import StandardError, standard_error
from reporting.verdict.huber import middle_of
from reporting.verdict.student_t import quantile, two_sided_p

MIN_PAIRS = 20
"""With fewer nothing is said."""
BATCHES = (20, 10)
"""In so many parts a run is cut, to see how alike neighbours are; the shorter ones know it better, the longer ones also
see spells of a minute."""
MIN_SPREAD = 8
"""Pairs of fewer moments may all have met the same one: however many there are, they tell of that moment only."""
MIN_DIFFERENT = 10
"""With fewer pairs in which one side alone failed, no more can be said of a difference than of a few coins."""
ROUNDING = 1 / 12
"""The variance of what is cut off by counting in steps, in squares of a step."""


@dataclass(frozen=True)
class Shift:
    """Of the logarithm of the ratio: the middle, how sure it is, and `p`, how likely so much is by chance."""

    middle: float
    error: StandardError
    p: float

    def reach(self, confidence: float) -> float:
        """Half of the interval that holds the truth with so much confidence."""
        return _reach(self.error, confidence)


def shift_of(cells: Sequence[Cell]) -> Shift | None:
    """Of pairs that were counted over time, in equal intervals; None with too few of them, or of too few moments.

    Of the error for independent pairs and those for pairs like their neighbours, the least sure counts.
    """
    orders = _by_order(cells)
    number = sum(order.total() for order in orders)
    if number < MIN_PAIRS or _spread(cells) < MIN_SPREAD:
        return None
    middles = [middle_of(order) for order in orders]
    weights = [1 / len(orders) / order.total() for order in orders]
    scores = [middle.scores(order, weight) for middle, order, weight in zip(middles, orders, weights, strict=True)]
    dependent = _errors([_sum(cell, scores) for cell in cells])
    if not dependent:
        return None
    spread = sum(
        count * (score[key] ** 2 + ROUNDING * weight**2)
        for order, score, weight in zip(orders, scores, weights, strict=True)
        for key, count in order.items()
    )
    errors = [StandardError(math.sqrt(spread), number - 1), *dependent]
    errors = [StandardError(error.value * STEP, error.freedom) for error in errors]
    middle = STEP * sum(one.value for one in middles) / len(middles)
    p = max(2.0 ** (1 - number), *(_p(middle, error) for error in errors))
    return Shift(middle, max(errors, key=_reach), min(1.0, p))


def difference_p(more: Sequence[int], less: Sequence[int]) -> float | None:
    """The two-sided p of McNemar's test, of pairs that differ in the one way or the other, in each interval.

    It asks exactly, as if pairs did not depend on each other, and by how the difference goes over time; the more
    careful answer counts. None when there are too few of them, or too few intervals.
    """
    errors = _errors([this - that for this, that in zip(more, less, strict=True)])
    if not errors or sum(more) + sum(less) < MIN_DIFFERENT:
        return None
    difference = sum(more) - sum(less)
    return max(binomial_p(sum(more), sum(less)), *(_p(difference, error) for error in errors))


def binomial_p(more: int, less: int) -> float:
    """How likely a fair coin is at least as uneven, in this many throws."""
    number, fewer = more + less, min(more, less)
    log_half = number * math.log(2)
    tail = sum(math.exp(_log_choose(number, hits) - log_half) for hits in range(fewer + 1))
    return min(1.0, 2 * tail)


def _spread(cells: Sequence[Cell]) -> float:
    """Over how many intervals the pairs are spread, had each as many."""
    counts = [sum(cell.ratios.values()) for cell in cells]
    return sum(counts) ** 2 / sum(count * count for count in counts)


def _by_order(cells: Sequence[Cell]) -> list[Counter[int]]:
    """All pairs, by which side was first; as one when one order hardly occurs."""
    whole: Counter[int] = Counter()
    for cell in cells:
        whole.update(cell.ratios)
    first = Counter({key: count for key, count in whole.items() if is_new_first(key)})
    second = Counter({key: count for key, count in whole.items() if not is_new_first(key)})
    return [first, second] if min(first.total(), second.total()) >= MIN_PAIRS / 4 else [whole]


def _sum(cell: Cell, scores: Sequence[Mapping[int, float]]) -> float:
    return sum(count * score[key] for key, count in cell.ratios.items() for score in scores if key in score)


def _errors(series: Sequence[float]) -> list[StandardError]:
    """Of the sum of a series in the order of time; none when it is too short."""
    errors = [standard_error(series, batches) for batches in BATCHES]
    return [StandardError(error.value * len(series), error.freedom) for error in errors if error is not None]


def _reach(error: StandardError, confidence: float = 0.95) -> float:
    return quantile((1 + confidence) / 2, error.freedom) * error.value


def _p(middle: float, error: StandardError) -> float:
    if not error.value:
        return 0.0 if middle else 1.0
    return two_sided_p(middle / error.value, error.freedom)


def _log_choose(number: int, hits: int) -> float:
    return math.lgamma(number + 1) - math.lgamma(hits + 1) - math.lgamma(number - hits + 1)
