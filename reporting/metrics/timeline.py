"""How the figures went over time, as it stands in history.json: what charts show and comparisons are judged by."""

import math
from collections.abc import Callable

import msgspec

from reporting.metrics.history import History
from reporting.metrics.recorder import Row
from reporting.metrics.store import MetricsStore
from reporting.metrics.subjects import Subject, rows_of, subjects_in

FILE_NAME = "history.json"


class Series(msgspec.Struct, frozen=True):
    """One value per interval; percentiles in ms of successful answers, None where there was none."""

    requests: list[int]
    failures: list[int]
    p50: list[int | None]
    p95: list[int | None]
    p99: list[int | None]


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

    def of(self, subject: Subject) -> Series | None:
        kind, name = subject
        if kind == "everything":
            return self.everything
        found: dict[str, Series] = getattr(self, f"{kind}s")
        return found.get(name)


def timeline_of(store: MetricsStore) -> Timeline:
    history = store.history
    subjects = subjects_in(store)
    steady_from = store.seconds("ramp") / history.interval
    return Timeline(
        history.interval,
        math.ceil(steady_from),
        int(store.seconds() / history.interval),
        [history.users.get(bucket) for bucket in range(history.buckets)],
        _series(history, rows_of(("everything", ""))),
        *(
            {name: _series(history, rows_of((kind, name))) for found, name in subjects if found == kind}
            for kind in ("role", "journey", "endpoint")
        ),
    )


def _series(history: History, wanted: Callable[[Row], bool]) -> Series:
    histograms = history.of(wanted)
    return Series(
        [histogram.requests for histogram in histograms],
        [histogram.failures for histogram in histograms],
        *([histogram.percentile(share) for histogram in histograms] for share in (0.5, 0.95, 0.99)),
    )
