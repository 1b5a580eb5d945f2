"""What was counted of a subject over time, beside the whole: what its intervals are made of."""

from collections.abc import Sequence
from dataclasses import dataclass

from reporting.metrics.histogram import Histogram
from reporting.metrics.store import PHASES, MetricsStore
from reporting.metrics.subjects import Subject, judged_phases, rows_of


@dataclass(frozen=True)
class Observed:
    """`parts` follow each other in time, each `seconds` long, on a coarse scale; `whole` is exact."""

    parts: Sequence[Histogram]
    whole: Histogram
    seconds: int


def observed(store: MetricsStore, subject: Subject) -> Observed:
    """In the phases in which it is judged."""
    wanted, phases = rows_of(subject), judged_phases(subject)
    parts = store.history.of(wanted)
    if phases != PHASES:
        steady = store.steady_intervals()
        parts = parts[steady.start : steady.stop]
    return Observed(parts, store.histogram(wanted, *phases), store.history.interval)
