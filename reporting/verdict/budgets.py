"""Holds figures against budgets: `judge(rows, budgets)` and nothing else; it knows neither Locust nor files."""

from collections.abc import Iterable, Mapping

import msgspec

from config.budget_file import Budget
from reporting.metrics.measurements import Figures, Interval

FLOORS = frozenset({"min_requests", "min_rate"})
"""Budgets that a value must reach; all others must not be exceeded."""

ONLY_AT_THE_END = "min_requests"
FLOORS_AFTER_SECONDS = 10


class Judged(msgspec.Struct, frozen=True):
    """A budget beside what was measured; without a value it is not ok."""

    kind: str
    name: str
    metric: str
    limit: float
    value: float | None
    ok: bool
    interval: Interval | None = None
    """Where the value lies with a confidence of 95 %, as far as it was asked for."""

    @property
    def close(self) -> bool:
        """Too close to call: the value may as well lie on the other side of the limit."""
        return self._unsure and not self.too_few

    @property
    def too_few(self) -> bool:
        """There was too little to be sure: no end of what the value may be, or no failure yet in so few requests."""
        if self.interval is None or not self._unsure:
            return False
        return None in (self.interval.low, self.interval.high) or self.value == 0

    @property
    def _unsure(self) -> bool:
        return self.interval is not None and self.value is not None and self.interval.spans(self.limit)

    @property
    def subject(self) -> tuple[str, str]:
        return self.kind, self.name

    @property
    def strain(self) -> float:
        """How much of the budget is used up: 1 is all of it."""
        if self.value is None:
            return float("inf")
        used, allowed = (self.limit, self.value) if self.metric in FLOORS else (self.value, self.limit)
        return used / allowed if allowed else (0.0 if not used else float("inf"))

    def __str__(self) -> str:
        return f"{self.name or self.kind} {self.metric}"


def judge(rows: Mapping[tuple[str, str], Figures], budgets: Iterable[Budget]) -> list[Judged]:
    """Every budget with its value, in the order of the budgets. `rows` are by kind and name of the subject."""
    return [_judged(budget, rows.get((budget.kind, budget.name), Figures())) for budget in budgets]


def judged_so_far(judged: Iterable[Judged], steady_seconds: float) -> list[Judged]:
    """Those that can be judged so early: a rate takes a moment to reach its floor, a count the whole run."""
    too_early = {ONLY_AT_THE_END} if steady_seconds >= FLOORS_AFTER_SECONDS else FLOORS
    return [budget for budget in judged if budget.value is not None and (budget.ok or budget.metric not in too_early)]


def breaches(judged: Iterable[Judged]) -> list[Judged]:
    return [budget for budget in judged if not budget.ok]


def _judged(budget: Budget, figures: Figures) -> Judged:
    value = figures.value(budget.metric)
    kept = value is not None and (value >= budget.limit if budget.metric in FLOORS else value <= budget.limit)
    return Judged(
        budget.kind, budget.name, budget.metric, budget.limit, value, kept, figures.intervals.get(budget.metric)
    )
