"""Whether two series of measurements differ by more than their own scatter: a rank test, and Holm's correction."""

import math
from collections.abc import Sequence

MIN_VALUES = 8
"""With fewer intervals on either side nothing can be said."""
ERROR_RATE = 0.01
"""The chance that a whole comparison of equal runs finds any difference."""


def p_value(before: Sequence[float], after: Sequence[float]) -> float | None:
    """The two-sided p of the Mann-Whitney U test, with ties and continuity corrected; None with too few values.

    It compares ranks, so that one slow second weighs no more than it should, and needs no normal distribution.
    """
    m, n = len(before), len(after)
    if min(m, n) < MIN_VALUES:
        return None
    pooled = sorted([(value, 0) for value in before] + [(value, 1) for value in after])
    rank_sum, ties, at = 0.0, 0.0, 0
    while at < len(pooled):
        end = at
        while end < len(pooled) and pooled[end][0] == pooled[at][0]:
            end += 1
        rank = (at + 1 + end) / 2
        rank_sum += rank * sum(1 for _, side in pooled[at:end] if side == 0)
        ties += (end - at) ** 3 - (end - at)
        at = end
    total = m + n
    spread = math.sqrt(m * n / 12 * (total + 1 - ties / (total * (total - 1))))
    if not spread:
        return 1.0
    distance = abs(rank_sum - m * (m + 1) / 2 - m * n / 2)
    return math.erfc(max(0.0, distance - 0.5) / spread / math.sqrt(2))


def beyond_noise(p_values: Sequence[float | None]) -> list[bool]:
    """Which of many differences are real, so that ERROR_RATE holds for all of them together (Holm)."""
    known = sorted((p, number) for number, p in enumerate(p_values) if p is not None)
    real = [False] * len(p_values)
    for rank, (p, number) in enumerate(known):
        if p > ERROR_RATE / (len(known) - rank):
            break
        real[number] = True
    return real
