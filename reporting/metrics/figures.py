"""From the store to figures: what was measured of each subject, in each phase."""

from collections.abc import Callable, Iterable

from reporting.metrics.histogram import Histogram, total
from reporting.metrics.measurements import Figures, Measured, Process, Times
from reporting.metrics.recorder import CPU, LAG, Row
from reporting.metrics.row_kinds import is_sign_in
from reporting.metrics.store import ENDING, PHASES, RAMP, STEADY, MetricsStore
from reporting.metrics.subjects import Subject, judged_phases, rows_of, subjects_in


def figures_of(histogram: Histogram, seconds: int) -> Figures:
    """`seconds` is how long it was counted; without any there is no rate."""
    rate = histogram.requests / seconds if seconds else 0.0
    shown = round(rate, 2) or round(rate, 6)
    size = round(histogram.size / histogram.requests) if histogram.requests else None
    return Figures(histogram.requests, histogram.failures, shown, _times(histogram), _times(_all(histogram)), size)


def measured(store: MetricsStore, subject: Subject, judged: Figures) -> Measured:
    """`judged` are its figures in the phases in which it is judged; most often that is the steady state."""
    wanted = rows_of(subject)
    steady = judged if judged_phases(subject) == (STEADY,) else _in(store, wanted, STEADY)
    return Measured(steady, _in(store, wanted, RAMP), _in(store, wanted, ENDING))


def judged_figures(store: MetricsStore, subjects: Iterable[Subject] | None = None) -> dict[Subject, Figures]:
    """What budgets are held against, for these subjects or for every one that was measured."""
    wanted = subjects_in(store) if subjects is None else subjects
    return {subject: _in(store, rows_of(subject), *judged_phases(subject)) for subject in wanted}


def judged_figures_of(store: MetricsStore, subject: Subject, whole: Histogram) -> Figures:
    """The same of one subject, of which `whole` is what came in the phases in which it is judged."""
    return figures_of(whole, store.seconds(*judged_phases(subject)))


def figures_now(store: MetricsStore, subjects: Iterable[Subject]) -> dict[Subject, Figures]:
    """As `judged_figures`, for a run that goes on: what waits for its answer for long has failed so far."""
    found = {}
    for subject in subjects:
        wanted, phases = rows_of(subject), judged_phases(subject)
        found[subject] = figures_of(
            total([store.histogram(wanted, *phases), store.overdue(wanted)]), store.seconds(*phases)
        )
    return found


def sign_in_figures(store: MetricsStore) -> Figures:
    """Of the whole run: most people sign in during the ramp."""
    return _in(store, is_sign_in, *PHASES)


def processes(store: MetricsStore) -> dict[str, Process]:
    """How each process of the generator was; its lag counts while the load was steady, its CPU always."""
    names = sorted({name for (_, kind, name), _ in store.rows() if kind in (LAG, CPU)})
    return {name: _process(store, name) for name in names}


def _process(store: MetricsStore, name: str) -> Process:
    lag = store.histogram(lambda row: row[1:] == (LAG, name), STEADY)
    cpu = store.histogram(lambda row: row[1:] == (CPU, name), RAMP, STEADY)
    return Process(lag.percentile(0.99), lag.longest, cpu.longest)


def _in(store: MetricsStore, wanted: Callable[[Row], bool], *phases: str) -> Figures:
    return figures_of(store.histogram(wanted, *phases), store.seconds(*phases))


def _times(histogram: Histogram) -> Times:
    p50, p95, p99 = histogram.percentiles((0.5, 0.95, 0.99))
    return Times(p50, p95, p99, histogram.longest)


def _all(histogram: Histogram) -> Histogram:
    """All answers as if they were successful ones."""
    everything = Histogram(histogram.ok.items())
    everything.add(Histogram(histogram.failed.items()))
    return everything
