"""The incidents of a run, from its store: measured by what was usual in its steady state."""

from collections import Counter

from reporting.metrics.seconds import Usual
from reporting.metrics.store import STEADY, MetricsStore
from reporting.verdict.incidents import AWAY, Incident, incidents_in, kind_of, normal_of
from users.run_context import LoadPlan


def incidents_of(store: MetricsStore, load: LoadPlan) -> list[Incident]:
    """All of a run that has ended."""
    start, end = ordinary_seconds(store, load)
    seconds = store.book.seconds(usual_times(store, load), int(store.stopping_from or 0))
    if not seconds:
        return []
    ordinary = [second for second in seconds if start <= second.at < end]
    return incidents_in(seconds, normal_of(ordinary or seconds), None if load.searches else start)


def nobodys_failures(store: MetricsStore) -> dict[str, int]:
    """By route, those of the steady state that are no route's own: nobody was there, whoever was asked for."""
    if store.steady_from is None:
        return {}
    found: Counter[str] = Counter()
    for second in store.book.seconds(Usual(), int(store.stopping_from or 0), int(store.steady_from) + 1):
        for said, count in second.failed.items():
            if kind_of(said.text) == AWAY:
                found[said.route] += count
    return dict(found)


def usual_times(store: MetricsStore, load: LoadPlan) -> Usual:
    """In the ordinary seconds, so far."""
    if load.crowd is None:
        return Usual.of(store.rows(STEADY))
    start, end = (second - int(store.started) for second in ordinary_seconds(store, load))
    return Usual.of(store.history.between(start, end).items())


def ordinary_seconds(store: MetricsStore, load: LoadPlan) -> tuple[int, int]:
    """From when up to, without, when the load was as on any day, in seconds since the epoch."""
    end = int(store.stopping_from or 0) or 1 << 62
    start = end if store.steady_from is None else int(store.steady_from) + 1
    if load.crowd is not None:
        end = min(end, int(store.started + load.crowd[0]))
    return start, max(start, end)
