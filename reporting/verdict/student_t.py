"""Student's t distribution, by Wallace's approximation: 0.3 % too wide with five degrees of freedom, 4 % with two.

D. L. Wallace, Bounds on normal approximations to Student's and the chi-square distributions, Ann. Math. Statist. 30
(1959). The same formula serves both directions; a table of logarithms more would not change a verdict.
"""

import math
from statistics import NormalDist

NORMAL = NormalDist()


def quantile(share: float, freedom: float) -> float:
    """The value that `share` (0 to 1) of the distribution with so many degrees of `freedom` does not exceed."""
    z = NORMAL.inv_cdf(share)
    scaled = z * _stretch(freedom)
    return math.copysign(math.sqrt(freedom * math.expm1(min(scaled * scaled / freedom, 700.0))), z)


def two_sided_p(t: float, freedom: float) -> float:
    """How likely a value at least as far from 0 as `t` is."""
    z = math.sqrt(freedom * math.log1p(t * t / freedom)) / _stretch(freedom)
    return math.erfc(z / math.sqrt(2))


def _stretch(freedom: float) -> float:
    return (8 * freedom + 3) / (8 * freedom + 1)
