"""One route alone that is slow, when what was watched does not explain it: it waits for something else. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reporting.metrics.histogram import Histogram, milliseconds, percentile
from reporting.metrics.recorder import Row
from reporting.metrics.row_kinds import is_work
from reporting.verdict.digits import three_digits
from reporting.verdict.told import Told, percent

MUCH_OF_THE_WAITING = 0.3
TIMES_THE_OTHERS = 5
SLOW_MS, SLOW_BY_ITSELF_MS = 50, 200
"""Of half of its answers: where a budget is broken, and where none is."""
EXPLAINED = 0.5
"""Of its time, by the processor or the database."""


@dataclass
class Waited:
    """Of some routes: all their answers, by how long they took (µs)."""

    requests: int = 0
    us: float = 0.0
    times: dict[int, int] = field(default_factory=dict)

    def add(self, times: Mapping[int, int]) -> None:
        for taken, count in times.items():
            self.requests += count
            self.us += taken * count
            self.times[taken] = self.times.get(taken, 0) + count

    @property
    def median(self) -> float:
        """In ms."""
        return milliseconds(percentile(self.times, 0.5)) or 0.0


def waited_for(rows: Mapping[Row, Histogram]) -> dict[str, Waited]:
    """By route, of the steady state."""
    found: dict[str, Waited] = {}
    for row, histogram in rows.items():
        if is_work(row):
            waited = found.setdefault(f"{row[1]} {row[2]}", Waited())
            waited.add(histogram.ok)
            waited.add(histogram.failed)
    return found


def lone_route(routes: Mapping[str, Waited], explained_ms: Mapping[str, float], *, is_broken: bool) -> Told | None:
    """`explained_ms` by route: of all its requests together, what the processor and the database took.

    A shortage would make every route slow.
    """
    whole = sum(waited.us for waited in routes.values())
    slowest = max(routes, key=lambda route: routes[route].us, default=None)
    if slowest is None or not whole:
        return None
    its, others = routes[slowest], Waited()
    for route, waited in routes.items():
        if route != slowest:
            others.add(waited.times)
    least = max(SLOW_MS if is_broken else SLOW_BY_ITSELF_MS, TIMES_THE_OTHERS * others.median)
    share = its.us / whole
    if share < MUCH_OF_THE_WAITING or its.median < least:
        return None
    if explained_ms.get(slowest, 0.0) * 1000 >= EXPLAINED * its.us:
        return None
    return Told(
        share,
        f"{slowest} alone is slow: half of its answers took {three_digits(its.median)} ms or longer, those of all "
        f"others {three_digits(others.median)} ms, and it has {percent(share)} of all waiting time; nothing that was "
        "watched explains it: it waits for something else, such as another service",
    )
