"""Which routes to look at first: those that people wait for, that break the budgets, and that grow with the load."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from reporting.metrics.growth import Growth
from reporting.metrics.histogram import Histogram, milliseconds, percentile
from reporting.metrics.recorder import Row
from reporting.metrics.row_kinds import is_work
from reporting.metrics.subjects import ALL, ENDPOINT, rows_of
from reporting.verdict.budgets import Judged
from reporting.verdict.digits import three_digits

SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
NAMED = 3
WORTH_NAMING = 0.05
"""Of all waiting time, or of what breaks a budget; who has less of both is not worth a look."""
NEAR = 0.8
GROWN, GROWN_MS = 1.5, 20
"""So many times as slow, and by so much, before growth says anything."""
WEIGHTS = {"breaking": 2.0, "waiting": 1.0, "near": 0.25, "growth": 0.25}


class FixFirst(msgspec.Struct, frozen=True):
    """`waiting` is the share of all waiting time, `breaking` that of what breaks the budgets (0 to 1).

    `strain` is its p95 as a share of the budget that holds it, null without one; `growth` how many times as slow it is
    with many users as with few, null where the load was the same. `reason` says it in words.
    """

    route: str
    reason: str
    waiting: float
    breaking: float
    strain: float | None = None
    growth: float | None = None


@dataclass
class _Route:
    name: str
    waited: float = 0.0
    times: dict[int, int] = field(default_factory=dict)
    breaks: dict[str, float] = field(default_factory=dict)
    """By broken budget, the share of what breaks it that is this route's."""

    def add(self, histogram: Histogram) -> None:
        for times in (histogram.ok, histogram.failed):
            self.waited += sum(taken * count for taken, count in times.items())
        for taken, count in histogram.ok.items():
            self.times[taken] = self.times.get(taken, 0) + count


def fix_first(
    rows: Mapping[Row, Histogram],
    judged: Sequence[Judged],
    growth: Mapping[str, Growth],
    nobodys: Mapping[str, int] | None = None,
) -> list[FixFirst]:
    """The routes worth a look, the first to fix first. `rows` are those of the steady state.

    `nobodys` failures, by route, are no route's own, such as those of an API that was away.
    """
    routes: dict[str, _Route] = {}
    for row, histogram in rows.items():
        if is_work(row):
            routes.setdefault(_route(row), _Route(_route(row))).add(histogram)
    broken = [budget for budget in judged if not budget.ok and budget.metric in (*SHARES, "failure_ratio")]
    for budget in broken:
        for name, share in _shares(rows, budget, nobodys or {}).items():
            if name in routes:
                routes[name].breaks[str(budget)] = share
    whole = sum(route.waited for route in routes.values()) or 1.0
    ranked = [_ranked(route, whole, len(broken), judged, growth.get(route.name)) for route in routes.values()]
    worth = [(score, found) for score, found in ranked if max(found.waiting, found.breaking) >= WORTH_NAMING]
    return [found for _, found in sorted(worth, key=lambda pair: (-pair[0], pair[1].route))][:NAMED]


def is_urgent(found: Iterable[FixFirst]) -> bool:
    """Whether a budget is broken, or nearly: else these are only what people wait for most."""
    return any(route.breaking or (route.strain or 0.0) >= NEAR for route in found)


def _ranked(
    route: _Route, whole: float, broken: int, judged: Sequence[Judged], growth: Growth | None
) -> tuple[float, FixFirst]:
    waiting, breaking = route.waited / whole, sum(route.breaks.values()) / max(1, broken)
    p95 = milliseconds(percentile(route.times, 0.95))
    limit = _limit(route.name, judged)
    strain = p95 / limit if p95 is not None and limit else None
    grown = growth if growth is not None and _has_grown(growth) else None
    parts = {
        "breaking": breaking,
        "waiting": waiting,
        "near": min(1.0, strain or 0.0),
        "growth": min(1.0, grown.times / 10) if grown else 0.0,
    }
    reason = "; ".join(_reasons(route, waiting, p95, limit, grown))
    found = FixFirst(
        route.name,
        reason,
        round(waiting, 4),
        round(breaking, 4),
        None if strain is None else round(strain, 3),
        None if growth is None else round(growth.times, 2),
    )
    return sum(WEIGHTS[name] * value for name, value in parts.items()), found


def _reasons(
    route: _Route, waiting: float, p95: float | None, limit: float | None, grown: Growth | None
) -> Iterable[str]:
    for budget, share in sorted(route.breaks.items(), key=lambda pair: -pair[1])[:1]:
        if share >= WORTH_NAMING:
            what = "the failures" if budget.endswith("failure_ratio") else "the answers"
            yield f"{share:.0%} of {what} that break {budget}".replace("%", " %")
    yield f"{waiting:.0%} of all waiting time".replace("%", " %")
    if p95 is not None:
        yield f"p95 {three_digits(p95)} ms" + (f" of {limit:,g} ms allowed" if limit is not None else "")
    if grown is not None:
        yield f"{grown.times:.1f} times as slow with {grown.many} users as with {grown.few}"


def _shares(rows: Mapping[Row, Histogram], budget: Judged, nobodys: Mapping[str, int]) -> dict[str, float]:
    """Of what breaks this budget, the share of each route: of failures, or of answers beyond its limit."""
    wanted, counts = rows_of(budget.subject), dict[str, int]()
    count = _counter(budget)
    for row, histogram in rows.items():
        if wanted(row) and is_work(row):
            counts[_route(row)] = counts.get(_route(row), 0) + count(histogram)
    whole = sum(counts.values())
    if budget.metric not in SHARES:
        counts = {route: max(0, number - nobodys.get(route, 0)) for route, number in counts.items()}
    return {route: number / whole for route, number in counts.items() if number}


def _counter(budget: Judged) -> Callable[[Histogram], int]:
    if budget.metric in SHARES:
        return lambda histogram: sum(count for taken, count in histogram.ok.items() if taken > budget.limit * 1000)
    return lambda histogram: histogram.failures


def _limit(route: str, judged: Sequence[Judged]) -> float | None:
    """The p95 that the route itself is allowed, else what everything is."""
    limits = {budget.subject: budget.limit for budget in judged if budget.metric == "p95"}
    return limits.get((ENDPOINT, route), limits.get(ALL))


def _has_grown(growth: Growth) -> bool:
    return growth.times >= GROWN and growth.after - growth.before >= GROWN_MS


def _route(row: Row) -> str:
    return f"{row[1]} {row[2]}"
