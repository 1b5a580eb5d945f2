"""How far the mean of a series may be off when each second is like the one before.

Batch means, with what is left of the dependence between neighbouring batches taken into account. Of nine methods that
were simulated (batch means, autoregressive and prewhitened ones), it is the one whose 95 % intervals covered 92 to 97 %
from two minutes on for every dependence that was tried: docs/statistics.md has the table.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

BATCHES = 20
MIN_BATCHES = 6
"""With fewer nothing is said."""
MOST_DEPENDENT = 0.9
MIN_FREEDOM = 2.0
EVIDENTLY_ALIKE = 0.5
ENOUGH_MOMENTS = 15
"""So many observations that do not depend on each other, as a first-order autoregression reckons them."""


@dataclass(frozen=True)
class StandardError:
    """Of a mean; `freedom` are the degrees of freedom with which it is known."""

    value: float
    freedom: float


def standard_error(series: Sequence[float], batches: int = BATCHES) -> StandardError | None:
    """Of the mean of a series in the order of time; None when it is too short."""
    means = batch_means(series, batches)
    count = len(means)
    if count < MIN_BATCHES:
        return None
    middle = fmean(means)
    squares = sum((mean - middle) ** 2 for mean in means)
    if not squares:
        return StandardError(0.0, count - 1)
    rho = correlation_of_neighbours(means)
    variance = squares / (count - 1) * (1 + rho) / (1 - rho) / count
    freedom = count * (1 - rho) / (1 + rho) - 1
    return StandardError(math.sqrt(variance), max(MIN_FREEDOM, freedom))


def is_hardly_known(series: Sequence[float]) -> bool:
    """Whether neighbours are so alike, in so short a series, that it counts as few observations only.

    How a series scatters is then known too badly for any test: docs/statistics.md has what that does to equal runs.
    """
    rho = correlation_of_neighbours(series)
    return rho > EVIDENTLY_ALIKE and len(series) * (1 - rho) / (1 + rho) < ENOUGH_MOMENTS


def correlation_of_neighbours(series: Sequence[float]) -> float:
    """From 0 to MOST_DEPENDENT; 0 of a series that does not change, and of one that is too short."""
    if len(series) < MIN_BATCHES:
        return 0.0
    middle = fmean(series)
    off = [value - middle for value in series]
    squares = sum(each * each for each in off)
    products = sum(this * following for this, following in pairwise(off))
    return _without_its_bias(products / squares, len(series)) if squares else 0.0


def batch_means(series: Sequence[float], batches: int = BATCHES) -> list[float]:
    """The means of so many equal parts; of a short series each value is a part. What is left over at the start goes."""
    count = min(batches, len(series))
    if not count:
        return []
    size = len(series) // count
    rest = len(series) - size * count
    return [fmean(series[at : at + size]) for at in range(rest, len(series), size)]


def _without_its_bias(rho: float, count: int) -> float:
    """The correlation of neighbours is underestimated in short series (Kendall 1954)."""
    return min(max(rho + (1 + 3 * rho) / count, 0.0), MOST_DEPENDENT)
