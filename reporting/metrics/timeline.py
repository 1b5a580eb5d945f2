"""How the figures went over time, as it stands in history.json: what charts show and comparisons are judged by."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from reporting.metrics.histogram import Histogram
from reporting.metrics.history import History
from reporting.metrics.observed import Observed, all_observed
from reporting.metrics.recorder import PACE
from reporting.metrics.resources import Resource
from reporting.metrics.store import MetricsStore
from reporting.metrics.subjects import ALL, Subject

FILE_NAME = "history.json"
BOUNDS_US = [*(factor * 10**power for power in range(1, 9) for factor in (1, 2, 3, 5, 7)), 3_600_000_000]


class Series(msgspec.Struct, frozen=True):
    """One value per interval; percentiles in ms of successful answers, None where there was none."""

    requests: list[int]
    failures: list[int]
    p50: list[float | None]
    p95: list[float | None]
    p99: list[float | None]


class Pace(msgspec.Struct, frozen=True):
    """How long the same bit of work took in each interval, in ms; None where it was not done."""

    p50: list[float | None] = []
    p95: list[float | None] = []


class Timeline(msgspec.Struct, frozen=True):
    """`interval` is in seconds; the steady state has the intervals from `steady_from` up to, without, `steady_to`."""

    interval: int
    steady_from: int
    steady_to: int
    users: list[int | None]
    everything: Series
    roles: dict[str, Series]
    journeys: dict[str, Series]
    endpoints: dict[str, Series]
    distribution: list[tuple[float, int]] = []
    """How many successful answers of the steady state took up to so many ms, and longer than the bound before."""
    resources: list[Resource] = []
    """What was watched beside the load."""
    pace: Pace = Pace()
    """Of the machines that the load came from."""

    def of(self, subject: Subject) -> Series | None:
        kind, name = subject
        if kind == "everything":
            return self.everything
        found: dict[str, Series] = getattr(self, f"{kind}s")
        return found.get(name)


def timeline_of(store: MetricsStore, seen: Mapping[Subject, Observed] | None = None) -> Timeline:
    """`seen` is what `all_observed` has found of the store, if that is at hand."""
    history = store.history
    seen = all_observed(store) if seen is None else seen
    steady = store.steady_intervals()
    by_kind = {
        kind: {name: _series(observed.over_time) for (found, name), observed in seen.items() if found == kind}
        for kind in ("role", "journey", "endpoint")
    }
    return Timeline(
        interval=history.interval,
        steady_from=steady.start,
        steady_to=steady.stop,
        users=[history.users.get(bucket) for bucket in range(history.buckets)],
        everything=_series(seen[ALL].over_time),
        roles=by_kind["role"],
        journeys=by_kind["journey"],
        endpoints=by_kind["endpoint"],
        distribution=_distribution(seen[ALL].whole),
        resources=store.resources.all(),
        pace=_pace(history),
    )


def _distribution(times: Histogram) -> list[tuple[float, int]]:
    """Ranges that grow with the times, since a millisecond more matters less the longer an answer takes."""
    counts: Counter[int] = Counter()
    for taken, count in times.ok.items():
        counts[bisect_left(BOUNDS_US, taken, hi=len(BOUNDS_US) - 1)] += count
    used = range(min(counts), max(counts) + 1) if counts else ()
    return [(BOUNDS_US[at] / 1000, counts[at]) for at in used]


def _pace(history: History) -> Pace:
    times = [histogram.percentiles((0.5, 0.95)) for histogram in history.of(lambda row: row[1] == PACE)]
    return Pace(*([found[at] for found in times] for at in range(2)))


def _series(histograms: Sequence[Histogram]) -> Series:
    times = [histogram.percentiles((0.5, 0.95, 0.99)) for histogram in histograms]
    return Series(
        [histogram.requests for histogram in histograms],
        [histogram.failures for histogram in histograms],
        *([found[at] for found in times] for at in range(3)),
    )
