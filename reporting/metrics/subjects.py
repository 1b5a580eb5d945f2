"""What a figure is about: everything, one role, one endpoint, one journey. Signing in is counted apart."""

from collections.abc import Callable, Iterator

from api.endpoints import SIGN_IN
from reporting.metrics.journey_event import JOURNEY
from reporting.metrics.recorder import Row
from reporting.metrics.row_kinds import is_request, is_work
from reporting.metrics.store import PHASES, STEADY, MetricsStore

Subject = tuple[str, str]
"""Its kind, one of those below, and its name; everything has none."""

EVERYTHING, ROLE, ENDPOINT, JOURNEY_OF = "everything", "role", "endpoint", "journey"
ALL: Subject = (EVERYTHING, "")


def rows_of(subject: Subject) -> Callable[[Row], bool]:
    """Which rows belong to the subject."""
    kind, name = subject
    if kind == ROLE:
        return lambda row: row[0] == name and is_work(row)
    if kind == ENDPOINT:
        return lambda row: f"{row[1]} {row[2]}" == name and is_request(row)
    if kind == JOURNEY_OF:
        return lambda row: row[1] == JOURNEY and row[2] == name
    return is_work


def judged_phases(subject: Subject) -> tuple[str, ...]:
    """The steady state; but of signing in, which is over by then, all phases."""
    return PHASES if subject == (ENDPOINT, str(SIGN_IN)) else (STEADY,)


def subjects_in(store: MetricsStore) -> list[Subject]:
    """Everything that was measured, roles first."""
    found = dict.fromkeys(subject for row, _ in store.rows() for subject in _subjects_of(row))
    order = (EVERYTHING, ROLE, JOURNEY_OF, ENDPOINT)
    return [ALL, *sorted(found, key=lambda subject: (order.index(subject[0]), subject[1]))]


def _subjects_of(row: Row) -> Iterator[Subject]:
    if row[1] == JOURNEY:
        yield JOURNEY_OF, row[2]
    elif is_request(row):
        yield ENDPOINT, f"{row[1]} {row[2]}"
        if row[0] and is_work(row):
            yield ROLE, row[0]
