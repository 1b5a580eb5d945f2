"""How sure a share is that was counted over time, when neighbouring seconds are alike."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reporting.verdict.dependence import standard_error
from reporting.verdict.student_t import quantile

FEW = 20
"""Of so few events it cannot be told that they are more regular than chance."""


TAIL_POWER = 0.4
"""How the dependence of a share falls off towards the tails; chosen by `benchmarks/interval_coverage.py`."""


@dataclass(frozen=True)
class Evidence:
    """`number` observations, of which `design_effect` together say as much as one that depends on no other.

    `freedom` is with how many degrees of freedom that is known. The term is from survey sampling (Kish 1965).
    """

    number: int
    design_effect: float
    freedom: float

    @property
    def observations(self) -> float:
        """How many independent ones would say as much."""
        return self.number / self.design_effect


def evidence_of(hits: Sequence[int], counts: Sequence[int]) -> Evidence | None:
    """Of a share, `hits` of `counts` in each interval; None when there are too few intervals or nothing to count.

    A ratio of two sums scatters as the sum of its residuals does.
    """
    number, whole = sum(counts), sum(hits)
    if not number:
        return None
    share = whole / number
    error = standard_error([hit - share * count for hit, count in zip(hits, counts, strict=True)])
    if error is None:
        return None
    by_chance = share * (1 - share) / number
    if not by_chance:
        return Evidence(number, 1.0, error.freedom)
    least = 1.0 if number * min(share, 1 - share) < FEW else 1 / number
    effect = (error.value * len(counts) / number) ** 2 / by_chance
    return Evidence(number, max(least, effect), error.freedom)


def at_least(evidence: Evidence, share: float, median: Evidence) -> Evidence:
    """What is known of a share in the tail, seen beside the `median`.

    A long run has few slow spells, so that the dependence of the slowest answers is hard to see in themselves. It is
    at least that of the median, less as the share is further out.
    """
    least = 1 + (4 * share * (1 - share)) ** TAIL_POWER * (median.design_effect - 1)
    if least <= evidence.design_effect:
        return evidence
    return replace(evidence, design_effect=least, freedom=median.freedom)


def wilson(share: float, evidence: Evidence, confidence: float) -> tuple[float, float]:
    """Wilson's interval of a share, with Student's t in the place of the normal's quantile."""
    t = quantile((1 + confidence) / 2, evidence.freedom)
    square = t * t / evidence.observations
    middle = (share + square / 2) / (1 + square)
    reach = math.sqrt(share * (1 - share) * square + square * square / 4) / (1 + square)
    return max(0.0, middle - reach), min(1.0, middle + reach)
