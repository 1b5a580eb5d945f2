"""What a run could have seen: the smallest change that a comparison with a run like it would have called one."""

import math
from collections.abc import Mapping
from statistics import NormalDist

from reporting.metrics.measurements import Figures, Interval
from reporting.verdict.significance import ERROR_RATE

TOLD = ("p50", "p95", "p99", "min_rate")
POWER = 0.8
"""How likely such a change is found."""
HEADLINES = 20
"""Tests that share the error rate of the headline: five metrics of everything and of three roles."""
AT_95 = NormalDist().inv_cdf(0.975)


def smallest_changes(figures: Figures) -> dict[str, float]:
    """By metric, as a share of its value: 0.07 is 7 %. What has no interval, or one without an end, is left out."""
    needed = NormalDist().inv_cdf(1 - ERROR_RATE / 4 / HEADLINES) + NormalDist().inv_cdf(POWER)
    reaches = {metric: reach(interval) for metric, interval in figures.intervals.items() if metric in TOLD}
    return {
        metric: round(math.expm1(math.sqrt(2) * needed / AT_95 * found), 4)
        for metric, found in reaches.items()
        if found is not None
    }


def reach(interval: Interval | None) -> float | None:
    """Half of the interval, on the scale of the logarithm: about the share by which the value may be off."""
    if interval is None or not interval.low or interval.high is None:
        return None
    return math.log(interval.high / interval.low) / 2


def not_worse_than(before: Figures, after: Figures, metric: str) -> float | None:
    """The largest share by which it may have grown, or a rate fallen, with 97.5 % confidence; None when unknown."""
    values = before.value(metric), after.value(metric)
    reaches = [reach(figures.intervals.get(metric)) for figures in (before, after)]
    if not values[0] or not values[1] or None in reaches:
        return None
    change = math.log(values[1] / values[0])
    off = math.hypot(*(found for found in reaches if found is not None))
    return math.expm1(change - off) if metric == "min_rate" else math.expm1(change + off)


def named(changes: Mapping[str, float]) -> str:
    """`p50 by 3 %, p95 by 7 %`"""
    names = {"min_rate": "the rate"}
    return ", ".join(
        f"{names.get(metric, metric)} by {share:.0%}".replace("%", " %") for metric, share in changes.items()
    )
