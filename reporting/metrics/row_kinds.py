"""What a counted row is: a request, one of signing in, or one of the work that people came to do."""

from api.endpoints import SIGN_IN
from api.transport.client import TOKEN_REFUSED_ROW
from reporting.metrics.recorder import NOT_REQUESTS, Row

SIGN_INS = frozenset({(SIGN_IN.method, SIGN_IN.path), TOKEN_REFUSED_ROW})


def is_request(row: Row) -> bool:
    return row[1] not in NOT_REQUESTS


def is_sign_in(row: Row) -> bool:
    """A sign-in, or a request that the API refused because its token had run out."""
    return row[1:] in SIGN_INS


def is_work(row: Row) -> bool:
    """What people came to do; it is the work that is judged."""
    return is_request(row) and not is_sign_in(row)
