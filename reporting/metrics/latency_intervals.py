"""The successful answers of a run by interval, with three digits: what latency.hlog holds."""

from collections.abc import Iterator, Mapping

import msgspec

from reporting.metrics.store import PHASES, MetricsStore
from reporting.metrics.subjects import ENDPOINT, ROLE, rows_of, subjects_in


class LatencyInterval(msgspec.Struct, frozen=True):
    """`start` counts from the start of the run; both are in seconds. `times`: how often which time in µs was seen."""

    tag: str
    start: float
    seconds: float
    times: Mapping[int, int]


def latency_intervals(store: MetricsStore) -> Iterator[LatencyInterval]:
    """Everything in each interval of the history; each role and each endpoint in each phase."""
    length = store.everything_over_time.interval
    for bucket, histogram in enumerate(store.everything_over_time.of(lambda _: True)):
        if histogram.ok:
            yield LatencyInterval("", bucket * length, length, histogram.ok)
    tagged = [subject for subject in subjects_in(store) if subject[0] in (ROLE, ENDPOINT)]
    start = 0.0
    for phase in PHASES:
        seconds = store.seconds(phase)
        for subject in tagged:
            if times := store.histogram(rows_of(subject), phase).ok:
                yield LatencyInterval(subject[1], start, seconds, times)
        start += seconds
