"""What one step of a search says: held or broken, how sure that is, and how much of its budgets it used."""

import math
from collections.abc import Sequence

from reporting.metrics.measurements import Figures, Interval
from reporting.verdict.budgets import FLOORS, Judged, breaches
from reporting.verdict.model import Step
from reporting.verdict.wording import describe

TIMES = frozenset({"p50", "p95", "p99"})


def step_of(users: int, seconds: int, figures: Figures, judged: Sequence[Judged], generator: Sequence[str]) -> Step:
    """`generator`: what the load generator could not do, as sentences; then it is not the API that was judged."""
    tightest = _tightest(judged)
    broke = [*generator, *map(describe, breaches(judged))]
    return Step(
        users,
        figures,
        not broke,
        broke,
        seconds=seconds,
        sure=not generator and _is_sure(judged),
        strain=None if tightest is None else round(tightest.strain, 4),
        strain_interval=_strain_interval(tightest),
        would_hold=_would_hold(users, figures.rate, judged),
    )


def _is_sure(judged: Sequence[Judged]) -> bool:
    """One budget that is surely broken decides; where there is too little to be sure, what was seen of it counts."""
    if any(_is_surely_broken(budget) for budget in judged):
        return True
    return all(budget.ok and not budget.close for budget in judged)


def _is_surely_broken(budget: Judged) -> bool:
    return not budget.ok and budget.interval is not None and not budget.interval.spans(budget.limit)


def _tightest(judged: Sequence[Judged]) -> Judged | None:
    """The budget that is used up most; None where that cannot be said."""
    known = [budget for budget in judged if budget.metric not in FLOORS and math.isfinite(budget.strain)]
    return max(known, key=lambda budget: budget.strain, default=None) if len(known) == len(judged) else None


def _strain_interval(budget: Judged | None) -> Interval | None:
    """Where the share of the `budget` that was used may lie."""
    if budget is None or budget.interval is None or not budget.limit:
        return None
    ends = budget.interval.low, budget.interval.high
    return Interval(*(None if end is None else round(end / budget.limit, 4) for end in ends))


def _would_hold(users: int, rate: float, judged: Sequence[Judged]) -> float | None:
    """By Little's law: at its limit an API does `rate` and no more, and a user less saves each other one 1 / `rate`."""
    over = [
        budget.value - budget.limit
        for budget in judged
        if budget.metric in TIMES and budget.value is not None and not budget.ok
    ]
    return max(1.0, users - rate * max(over) / 1000) if over else None
