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
    off = [mean - middle for mean in means]
    squares = sum(each * each for each in off)
    if not squares:
        return StandardError(0.0, count - 1)
    products = sum(this * following for this, following in pairwise(off))
    rho = _without_its_bias(products / squares, count)
    variance = squares / (count - 1) * (1 + rho) / (1 - rho) / count
    freedom = count * (1 - rho) / (1 + rho) - 1
    return StandardError(math.sqrt(variance), max(MIN_FREEDOM, freedom))


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
