"""The 95 % intervals of what was measured: percentiles, shares and rates.

A percentile is a share turned round (Woodruff 1952): how sure is it that 95 % of the answers took at most so long?
"""

from collections.abc import Sequence

from reporting.metrics.histogram import COARSE_BITS, Histogram, milliseconds, percentile, rounded, step_of
from reporting.metrics.measurements import Interval
from reporting.verdict.dependence import standard_error
from reporting.verdict.proportions import Evidence, at_least, evidence_of, wilson
from reporting.verdict.student_t import quantile

CONFIDENCE = 0.95
SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


def intervals(
    parts: Sequence[Histogram], whole: Histogram, seconds: int, confidence: float = CONFIDENCE
) -> dict[str, Interval]:
    """By metric, of the answers in `whole`, which came over time as in `parts`, each `seconds` long.

    Times are in ms, rates per second. What there is too little of has none.
    """
    found = {name: _interval_of_a_percentile(parts, whole.ok, share, confidence) for name, share in SHARES.items()}
    found["failure_ratio"] = _interval_of_failures(parts, whole, confidence)
    found["min_rate"] = _interval_of_a_rate(parts, seconds, confidence)
    return {name: interval for name, interval in found.items() if interval is not None}


def _interval_of_a_percentile(
    parts: Sequence[Histogram], times: dict[int, int], share: float, confidence: float
) -> Interval | None:
    median, own = _evidence(parts, times, 0.5), _evidence(parts, times, share)
    if median is None or own is None:
        return None
    evidence = at_least(own, share, median)
    low, high = wilson(share, evidence, confidence)
    tail = (1 - confidence) / 2
    return Interval(
        _time(times, low, 0) if (1 - share) ** evidence.observations < tail else None,
        _time(times, high, 1) if share**evidence.observations < tail else None,
    )


def _evidence(parts: Sequence[Histogram], times: dict[int, int], share: float) -> Evidence | None:
    """Of the share of answers that came within the percentile; the parts are on the coarse scale."""
    value = percentile(times, share)
    if value is None:
        return None
    bound = rounded(value, COARSE_BITS)
    within = [sum(count for taken, count in part.ok.items() if taken <= bound) for part in parts]
    return evidence_of(within, [sum(part.ok.values()) for part in parts])


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
