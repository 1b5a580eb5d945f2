"""How much slower each route answers when there are many users, where a run has had few and many."""

from typing import NamedTuple

from reporting.metrics.histogram import Histogram, total
from reporting.metrics.recorder import Row
from reporting.metrics.row_kinds import is_work
from reporting.metrics.store import MetricsStore

TIMES_AS_MANY = 1.5
"""So many times the fewest users are many."""
NEARLY = 0.15
"""Seconds with so much more than the fewest users, or less than the most, are taken together."""
ENOUGH_ANSWERS = 10


class Growth(NamedTuple):
    """The median answer time in ms with `few` and with `many` users."""

    few: int
    many: int
    before: float
    after: float

    @property
    def times(self) -> float:
        return self.after / max(1, self.before)


def growth_of(store: MetricsStore) -> dict[str, Growth]:
    """By route, in the steady state; empty when the number of users was about the same all the time."""
    history, start = store.history, store.seconds("ramp") // store.history.interval
    users = {bucket: count for bucket, count in history.users.items() if bucket >= start and count}
    few, many = min(users.values(), default=0), max(users.values(), default=0)
    if many < TIMES_AS_MANY * few or not few:
        return {}
    low = {bucket for bucket, count in users.items() if count <= few * (1 + NEARLY)}
    high = {bucket for bucket, count in users.items() if count >= many * (1 - NEARLY)}
    before, after = (_by_route(history.only(buckets)) for buckets in (low, high))
    return {
        route: Growth(few, many, then.percentile(0.5) or 0, now.percentile(0.5) or 0)
        for route, then in before.items()
        if (now := after.get(route)) is not None and min(sum(then.ok.values()), sum(now.ok.values())) >= ENOUGH_ANSWERS
    }


def _by_route(rows: dict[Row, Histogram]) -> dict[str, Histogram]:
    found: dict[str, list[Histogram]] = {}
    for row, histogram in rows.items():
        if is_work(row):
            found.setdefault(f"{row[1]} {row[2]}", []).append(histogram)
    return {route: total(histograms) for route, histograms in found.items()}
