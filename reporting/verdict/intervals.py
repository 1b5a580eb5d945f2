"""The 95 % intervals of what was measured: percentiles, shares and rates.

A percentile is a share turned round (Woodruff 1952): how sure is it that 95 % of the answers took at most so long?
"""

import math
from collections.abc import Sequence

from reporting.metrics.histogram import COARSE_BITS, Histogram, milliseconds, percentile, rounded, step_of, total
from reporting.metrics.measurements import Interval
from reporting.verdict.dependence import standard_error
from reporting.verdict.proportions import Evidence, at_least, evidence_of, wilson
from reporting.verdict.student_t import quantile

CONFIDENCE = 0.95
PARTS = 10
CAUTION = 2.0
"""Percentiles of few answers waver less than they should: the extremes are in none of them."""
SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


def intervals(
    parts: Sequence[Histogram], whole: Histogram, seconds: int, confidence: float = CONFIDENCE
) -> dict[str, Interval]:
    """By metric, of the answers in `whole`, which came over time as in `parts`, each `seconds` long.

    Times are in ms, rates per second. What there is too little of has none.
    """
    answered = [sum(part.ok.values()) for part in parts]
    evidence = {name: _evidence(parts, answered, whole.ok, share) for name, share in SHARES.items()}
    found = {
        name: _interval_of_a_percentile(parts, whole.ok, share, evidence[name], evidence["p50"], confidence)
        for name, share in SHARES.items()
    }
    found["failure_ratio"] = _interval_of_failures(parts, whole, confidence)
    found["min_rate"] = _interval_of_a_rate(parts, seconds, confidence)
    return {name: interval for name, interval in found.items() if interval is not None}


def _interval_of_a_percentile(
    parts: Sequence[Histogram],
    times: dict[int, int],
    share: float,
    own: Evidence | None,
    median: Evidence | None,
    confidence: float,
) -> Interval | None:
    """`own` is the evidence of this share, `median` that of the median, of which there is the most."""
    if median is None or own is None:
        return None
    evidence = at_least(own, share, median)
    low, high = wilson(share, evidence, confidence)
    tail = (1 - confidence) / 2
    low_is_seen = (1 - share) ** evidence.observations < tail
    high_is_seen = share**evidence.observations < tail
    return Interval(
        _time(times, low, 0) if low_is_seen else _reckoned_end(parts, times, share, -tail),
        _time(times, high, 1) if high_is_seen else _reckoned_end(parts, times, share, tail),
    )


def _evidence(
    parts: Sequence[Histogram], answered: Sequence[int], times: dict[int, int], share: float
) -> Evidence | None:
    """Of the share of answers that came within the percentile; the parts, of so many answers each, are coarse."""
    value = percentile(times, share)
    if value is None:
        return None
    bound = rounded(value, COARSE_BITS)
    within = [sum(count for taken, count in part.ok.items() if taken <= bound) for part in parts]
    return evidence_of(within, answered)


def _reckoned_end(parts: Sequence[Histogram], times: dict[int, int], share: float, tail: float) -> float | None:
    """Where so few answers were seen that the end lies beyond them all: as far as the percentile wavers, with caution.

    It wavers as those of consecutive parts of the run do, on the scale of the logarithm; and no spell that was not seen
    is taken to be further from those that were than they are from each other. `tail` is negative for the lower end.
    In ms; None with too few parts.
    """
    value = percentile(times, share)
    wavering = [math.log(max(1, found)) for found in _percentiles(parts, share)]
    error = standard_error(wavering)
    if value is None or error is None:
        return None
    reach = CAUTION * quantile(1 - abs(tail), error.freedom) * error.value
    lowest, highest = min(wavering), max(wavering)
    spread, middle = highest - lowest, math.log(max(1, value))
    end = min(middle + reach, max(middle, highest) + spread)
    if tail < 0:
        end = max(middle - reach, min(middle, lowest) - spread)
    return milliseconds(round(math.exp(end)))


def _percentiles(parts: Sequence[Histogram], share: float) -> list[int]:
    """Of consecutive parts of the run, in µs."""
    size = max(1, len(parts) // PARTS)
    groups = (total(parts[at : at + size]) for at in range(0, len(parts), size))
    return [found for group in groups if (found := percentile(group.ok, share)) is not None]


def _time(times: dict[int, int], share: float, end: int) -> float | None:
    """In ms, the lower (0) or the upper (1) end of the step of the scale in which the percentile is."""
    value = percentile(times, share)
    return None if value is None else milliseconds(value + end * (step_of(value) - 1))


def _interval_of_failures(parts: Sequence[Histogram], whole: Histogram, confidence: float) -> Interval | None:
    evidence = evidence_of([part.failures for part in parts], [part.requests for part in parts])
    if evidence is None or not whole.requests:
        return None
    low, high = wilson(whole.failures / whole.requests, evidence, confidence)
    return Interval(round(low, 6), round(high, 6))


def _interval_of_a_rate(parts: Sequence[Histogram], seconds: int, confidence: float) -> Interval | None:
    rates = [part.requests / seconds for part in parts]
    error = standard_error(rates)
    if error is None:
        return None
    middle, reach = sum(rates) / len(rates), quantile((1 + confidence) / 2, error.freedom) * error.value
    return Interval(round(max(0.0, middle - reach), 4), round(middle + reach, 4))
