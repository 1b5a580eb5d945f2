"""What an answer must hold beyond its shape: it keeps to what the request asked for."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

Check = Callable[[Any, Any], bool]
"""Takes the decoded answer and the value that was asked for; true when the answer keeps to it."""


def every_row(field: str) -> Check:
    """Every row's `field` equals the value asked for: nobody else's rows come back."""

    of_row = attrgetter(field)

    def check(answer: Any, asked: Any) -> bool:
        return set(map(of_row, answer.data)) <= {asked}

    return check


def not_before(field: str) -> Check:
    """Every row's time lies at or after the time asked for."""

    def check(answer: Any, asked: Any) -> bool:
        return all(time is not None and time >= asked for time in _times(answer, field))

    return check


def before(field: str) -> Check:
    """Every row's time lies before the time asked for."""

    def check(answer: Any, asked: Any) -> bool:
        return all(time is not None and time < asked for time in _times(answer, field))

    return check


def containing(*fields: str) -> Check:
    """Every row has the text searched for in one of `fields`, whatever its case."""

    def check(answer: Any, asked: Any) -> bool:
        sought = str(asked).casefold()
        return all(_mentions(row, fields, sought) for row in answer.data)

    return check


def _times(answer: Any, field: str) -> Iterator[datetime | None]:
    """A time without a zone is one of UTC, as all of the API's are."""
    for row in answer.data:
        time: datetime | None = getattr(row, field)
        yield time.replace(tzinfo=UTC) if time is not None and time.tzinfo is None else time


def _mentions(row: Any, fields: Sequence[str], sought: str) -> bool:
    return any(sought in (getattr(row, field) or "").casefold() for field in fields)


def at_most(answer: Any, limit: Any) -> bool:
    """A page has no more rows than its limit."""
    return bool(len(answer.data) <= limit)


def same_record(answer: Any, asked: Any) -> bool:
    """A request for one record is answered with that record."""
    return bool(answer.id == asked)
