"""What was counted of a subject over time, beside the whole: what its intervals are made of."""

from collections.abc import Sequence
from dataclasses import dataclass

from reporting.metrics.histogram import Histogram
from reporting.metrics.store import PHASES, MetricsStore
from reporting.metrics.subjects import Subject, judged_phases, rows_of, subjects_in


@dataclass(frozen=True)
class Observed:
    """`parts` follow each other in time, each `seconds` long, on a coarse scale; `whole` is exact.

    `over_time` are the parts of the whole run, whenever the subject is judged.
    """

    parts: Sequence[Histogram]
    whole: Histogram
    seconds: int
    over_time: Sequence[Histogram]


def observed(store: MetricsStore, subject: Subject) -> Observed:
    """In the phases in which it is judged."""
    wanted, phases = rows_of(subject), judged_phases(subject)
    parts = over_time = store.history.of(wanted)
    if phases != PHASES:
        steady = store.steady_intervals()
        parts = parts[steady.start : steady.stop]
    return Observed(parts, store.histogram(wanted, *phases), store.history.interval, over_time)


def all_observed(store: MetricsStore) -> dict[Subject, Observed]:
    """Of everything that was measured; of a long run it takes a while, so it is done once."""
    return {subject: observed(store, subject) for subject in subjects_in(store)}
