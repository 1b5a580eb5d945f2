"""What a figure is about: everything, one role, one endpoint, one journey. Signing in is counted apart."""

from collections.abc import Callable, Iterator

from api.endpoints import SIGN_IN
from api.transport.client import TOKEN_REFUSED_ROW
from reporting.metrics.journey_event import JOURNEY
from reporting.metrics.recorder import NOT_REQUESTS, Row
from reporting.metrics.store import PHASES, STEADY, MetricsStore

Subject = tuple[str, str]
"""Its kind, one of those below, and its name; everything has none."""

EVERYTHING, ROLE, ENDPOINT, JOURNEY_OF = "everything", "role", "endpoint", "journey"
ALL: Subject = (EVERYTHING, "")
SIGN_INS = frozenset({(SIGN_IN.method, SIGN_IN.path), TOKEN_REFUSED_ROW})


def is_request(row: Row) -> bool:
    return row[1] not in NOT_REQUESTS


def is_sign_in(row: Row) -> bool:
    """A sign-in, or a request that the API refused because its token had run out."""
    return row[1:] in SIGN_INS


def is_work(row: Row) -> bool:
    """What people came to do; it is the work that is judged."""
    return is_request(row) and not is_sign_in(row)


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
