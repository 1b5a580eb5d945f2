"""Whether two series of measurements differ by more than their own scatter, and Holm's correction for many of them.

Mann-Whitney's test takes each second for itself. Welch's knows how like its neighbours each is, and is made twice: on
ranks it sees a moderate change behind a few seconds that are far out; on logarithms it sees how large a change is,
while all that ranks can say is that one series lies above the other (docs/statistics.md has what that is worth).
"""

import math
from collections.abc import Sequence
from statistics import fmean

from reporting.verdict.dependence import standard_error
from reporting.verdict.student_t import two_sided_p

MIN_VALUES = 8
"""With fewer intervals on either side nothing can be said."""
ERROR_RATE = 0.01
"""The chance that a whole comparison of equal runs finds any difference."""


def p_value(before: Sequence[float], after: Sequence[float]) -> float | None:
    """The two-sided p of a difference between two series in the order of time; None with too few values.

    The values are times, rates or counts, so none is negative; no distribution is assumed. Of the test for independent
    values and those for dependent ones, the more careful counts; that two of the latter are made is paid for.
    """
    if min(len(before), len(after)) < MIN_VALUES:
        return None
    values = [*before, *after]
    ranks, ties = ranks_of(values)
    logarithms = [math.log1p(value) for value in values]
    dependent = 2 * min(_welch(scale[: len(before)], scale[len(before) :]) for scale in (ranks, logarithms))
    return max(_mann_whitney(ranks, len(before), ties), min(1.0, dependent))


def mann_whitney(before: Sequence[float], after: Sequence[float]) -> float:
    """The two-sided p of the U test for values that do not depend on each other, with ties and continuity corrected."""
    ranks, ties = ranks_of([*before, *after])
    return _mann_whitney(ranks, len(before), ties)


def _mann_whitney(ranks: Sequence[float], m: int, ties: float) -> float:
    """Of the first `m` against the others."""
    n = len(ranks) - m
    spread = math.sqrt(m * n / 12 * (m + n + 1 - ties / ((m + n) * (m + n - 1))))
    if not spread:
        return 1.0
    distance = abs(sum(ranks[:m]) - m * (m + 1) / 2 - m * n / 2)
    return math.erfc(max(0.0, distance - 0.5) / spread / math.sqrt(2))


def _welch(before: Sequence[float], after: Sequence[float]) -> float:
    """The two-sided p, each mean with the standard error of a series that depends on itself."""
    errors = [error for error in map(standard_error, (before, after)) if error is not None]
    variance = sum(error.value**2 for error in errors)
    if not variance:
        return 0.0
    freedom = variance**2 / sum(error.value**4 / error.freedom for error in errors)
    return two_sided_p((fmean(before) - fmean(after)) / math.sqrt(variance), freedom)


def ranks_of(pooled: Sequence[float]) -> tuple[list[float], float]:
    """The rank of each value, equal ones sharing theirs, and Mann-Whitney's correction for ties."""
    order = sorted(range(len(pooled)), key=pooled.__getitem__)
    ranks, ties, at = [0.0] * len(pooled), 0.0, 0
    while at < len(order):
        end = at
        while end < len(order) and pooled[order[end]] == pooled[order[at]]:
            end += 1
        for place in order[at:end]:
            ranks[place] = (at + 1 + end) / 2
        ties += (end - at) ** 3 - (end - at)
        at = end
    return ranks, ties


def towers(before: Sequence[float], after: Sequence[float]) -> bool:
    """Whether their levels are further apart than either series itself ever wavered, on the scale of the logarithm."""
    logarithms = [[math.log1p(value) for value in series] for series in (before, after)]
    wavered = max(max(series) - min(series) for series in logarithms)
    return abs(fmean(logarithms[0]) - fmean(logarithms[1])) > wavered


def beyond_noise(p_values: Sequence[float | None], error_rate: float = ERROR_RATE) -> list[bool]:
    """Which of many differences are real, so that `error_rate` holds for all of them together (Holm)."""
    known = sorted((p, number) for number, p in enumerate(p_values) if p is not None)
    real = [False] * len(p_values)
    for rank, (p, number) in enumerate(known):
        if p > error_rate / (len(known) - rank):
            break
        real[number] = True
    return real
