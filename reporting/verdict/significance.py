"""Whether two series of measurements differ by more than their own scatter: a rank test, and Holm's correction.

The test is Mann-Whitney's, with what neighbouring seconds have in common taken into account.
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

    It compares ranks, so that one slow second weighs no more than it should, and needs no normal distribution. Of the
    test for independent values and the one for dependent ones, the more careful counts.
    """
    if min(len(before), len(after)) < MIN_VALUES:
        return None
    return max(mann_whitney(before, after), welch_on_ranks(before, after))


def mann_whitney(before: Sequence[float], after: Sequence[float]) -> float:
    """The two-sided p of the U test for values that do not depend on each other, with ties and continuity corrected."""
    ranks, ties = _ranks([*before, *after])
    m, n = len(before), len(after)
    spread = math.sqrt(m * n / 12 * (m + n + 1 - ties / ((m + n) * (m + n - 1))))
    if not spread:
        return 1.0
    distance = abs(sum(ranks[:m]) - m * (m + 1) / 2 - m * n / 2)
    return math.erfc(max(0.0, distance - 0.5) / spread / math.sqrt(2))


def welch_on_ranks(before: Sequence[float], after: Sequence[float]) -> float:
    """Welch's test on the ranks, each mean with the standard error of a series that depends on itself."""
    ranks, _ = _ranks([*before, *after])
    sides = ranks[: len(before)], ranks[len(before) :]
    errors = [error for error in map(standard_error, sides) if error is not None]
    variance = sum(error.value**2 for error in errors)
    if not variance:
        return 0.0
    freedom = variance**2 / sum(error.value**4 / error.freedom for error in errors)
    return two_sided_p((fmean(sides[0]) - fmean(sides[1])) / math.sqrt(variance), freedom)


def _ranks(pooled: Sequence[float]) -> tuple[list[float], float]:
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


def beyond_noise(p_values: Sequence[float | None], error_rate: float = ERROR_RATE) -> list[bool]:
    """Which of many differences are real, so that `error_rate` holds for all of them together (Holm)."""
    known = sorted((p, number) for number, p in enumerate(p_values) if p is not None)
    real = [False] * len(p_values)
    for rank, (p, number) in enumerate(known):
        if p > error_rate / (len(known) - rank):
            break
        real[number] = True
    return real
