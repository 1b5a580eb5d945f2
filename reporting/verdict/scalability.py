"""What limits an API as users are added: the Universal Scalability Law, fitted to the steps of a search.

X(N) = rN / (1 + sN' + kNN') with N' = N - 1: N users make X requests per second, r each when they are alone. Contention
s is what they wait for in turn, coherency k what each costs every other. N. J. Gunther, Guerrilla Capacity Planning,
2007.
"""

import math
from collections.abc import Sequence
from typing import Literal

import msgspec

from reporting.verdict.least_squares import inverse_of, solved
from reporting.verdict.student_t import quantile

Point = tuple[float, float]
"""Users, and requests per second."""
Limiting = Literal["", "contention", "coherency"]
MIN_LOADS = 4
"""With fewer different numbers of users nothing is said."""
ROUNDS = 20
STRAIGHT = 0.1
"""Who loses less of its rate than that, as a share, shows no limit."""
CURVE_POINTS = 40
CONFIDENCE = 0.95


class OnCurve(msgspec.Struct, frozen=True):
    """Requests per second that so many users make, and its 95 % interval."""

    users: float
    rate: float
    low: float
    high: float


class Scalability(msgspec.Struct, frozen=True):
    """`limited_by` is what costs most at the most users that were tried; `knee` is where the rate is highest."""

    rate_of_one: float
    contention: float
    coherency: float
    limited_by: Limiting
    knee: float | None
    curve: list[OnCurve]


def scalability(points: Sequence[Point]) -> Scalability | None:
    """Least squares of the relative errors; None when there are too few loads, or one at which nothing was answered."""
    if len({users for users, _ in points}) < MIN_LOADS or min(rate for _, rate in points) <= 0:
        return None
    whole = _fitted(points, (0, 1, 2))
    no_contention = whole is not None and whole[1] < 0
    for free in ((0, 2) if no_contention else (0, 1, 2), (0, 1), (0,)):
        law = _fitted(points, free)
        if law is not None and min(law) >= 0 and (2 not in free or _was_seen(points, law, free)):
            return _described(points, law, free)
    return None


def rate_at(users: float, law: Sequence[float]) -> float:
    """Requests per second, by r, s and k."""
    return law[0] * users / _slowing(users, law)


def _slowing(users: float, law: Sequence[float]) -> float:
    return 1 + law[1] * (users - 1) + law[2] * users * (users - 1)


def _fitted(points: Sequence[Point], free: Sequence[int]) -> list[float] | None:
    """r, s and k by Gauss-Newton; those that are not `free` are 0."""
    law = _start(points, free)
    for _ in range(ROUNDS):
        if law is None:
            return None
        rows = [[slope / rate for slope in _slopes(users, law, free)] for users, rate in points]
        step = solved(rows, [1 - rate_at(users, law) / rate for users, rate in points])
        if step is None:
            return law
        tried = list(law)
        for place, change in zip(free, step, strict=True):
            tried[place] += change
        if tried[0] <= 0 or any(_slowing(users, tried) <= 0 for users, _ in points):
            return law
        law = tried
    return law


def _start(points: Sequence[Point], free: Sequence[int]) -> list[float] | None:
    """N / X is linear in 1/r, s/r and k/r."""
    terms = [(1.0, users - 1, users * (users - 1)) for users, _ in points]
    rows = [[term[place] * rate / users for place in free] for term, (users, rate) in zip(terms, points, strict=True)]
    found = solved(rows, [1.0] * len(points))
    if found is None or found[0] <= 0:
        return None
    law = [0.0, 0.0, 0.0]
    for place, value in zip(free, found, strict=True):
        law[place] = value / found[0]
    law[0] = 1 / found[0]
    return law if all(_slowing(users, law) > 0 for users, _ in points) else None


def _slopes(users: float, law: Sequence[float], free: Sequence[int]) -> list[float]:
    """How the rate changes with each of the `free` ones."""
    rate, slowing = rate_at(users, law), _slowing(users, law)
    slopes = (rate / law[0], -rate * (users - 1) / slowing, -rate * users * (users - 1) / slowing)
    return [slopes[place] for place in free]


def _described(points: Sequence[Point], law: Sequence[float], free: Sequence[int]) -> Scalability:
    most = max(users for users, _ in points)
    contention, coherency = law[1] * (most - 1), law[2] * most * (most - 1)
    straight = contention + coherency < STRAIGHT
    limited_by: Limiting = "" if straight else "contention" if contention >= coherency else "coherency"
    knee = _knee(law)
    return Scalability(
        law[0], law[1], law[2], limited_by, None if math.isinf(knee) else round(knee, 1), _curve(points, law, free)
    )


def _was_seen(points: Sequence[Point], law: Sequence[float], free: Sequence[int]) -> bool:
    """Whether the coherency is more than noise, and there were users beyond its knee.

    A rate that levels off all at once looks to the law as if it were about to fall.
    """
    reach, spread = _noise(points, law, free)
    is_noise = spread is None or law[2] <= reach * math.sqrt(spread[-1][-1])
    return not is_noise and _knee(law) <= max(users for users, _ in points)


def _knee(law: Sequence[float]) -> float:
    return math.sqrt((1 - law[1]) / law[2]) if law[2] > 0 and law[1] < 1 else math.inf


def _noise(
    points: Sequence[Point], law: Sequence[float], free: Sequence[int]
) -> tuple[float, Sequence[Sequence[float]] | None]:
    """How far the errors reach with a confidence of 95 %, and how they spread to the `free` ones."""
    rows = [[slope / rate for slope in _slopes(users, law, free)] for users, rate in points]
    freedom = max(1, len(points) - len(free))
    squares = sum((1 - rate_at(users, law) / rate) ** 2 for users, rate in points)
    return quantile((1 + CONFIDENCE) / 2, freedom) * math.sqrt(squares / freedom), inverse_of(rows)


def _curve(points: Sequence[Point], law: Sequence[float], free: Sequence[int]) -> list[OnCurve]:
    reach, spread = _noise(points, law, free)
    least, most = min(users for users, _ in points), max(users for users, _ in points)
    curve = []
    for place in range(CURVE_POINTS + 1):
        users = least + (most - least) * place / CURVE_POINTS
        slopes, rate = _slopes(users, law, free), rate_at(users, law)
        off = reach * math.sqrt(max(0.0, _form(slopes, spread))) if spread else 0.0
        curve.append(OnCurve(round(users, 1), round(rate, 3), round(max(0.0, rate - off), 3), round(rate + off, 3)))
    return curve


def _form(slopes: Sequence[float], spread: Sequence[Sequence[float]]) -> float:
    return sum(a * b * spread[i][j] for i, a in enumerate(slopes) for j, b in enumerate(slopes))
