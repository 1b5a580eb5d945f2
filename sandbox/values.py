"""How a wire value becomes a column's value, with PostgreSQL's own complaint when it cannot."""

from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sandbox.errors import ApiError

_INTEGER_LIMIT = 2**31
_BIGINT_LIMIT = 2**63


def text(value: Any) -> str | None:
    """Text as it is; any other JSON value as PostgreSQL would spell it."""
    if value is None or isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else str(value)


def integer(value: Any) -> int | None:
    """A 32-bit whole number, or null."""
    return None if value is None else _whole(value, "integer", _INTEGER_LIMIT)


def identifier(segment: str) -> int:
    """The id in a path: a 32-bit whole number, never null."""
    return _whole(segment, "integer", _INTEGER_LIMIT)


def bigint(value: str) -> int:
    """A 64-bit whole number: what LIMIT and OFFSET take."""
    return _whole(value, "bigint", _BIGINT_LIMIT)


def numeric(value: Any) -> str | None:
    """An amount with two decimals, as text: the API answers NUMERIC columns as strings."""
    if value is None:
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        raise _invalid("numeric", value) from None
    if abs(amount) >= 1000:
        raise ApiError(500, "numeric field overflow")
    return f"{amount:.2f}"


def day(value: Any) -> str | None:
    """A calendar date, kept as its midnight in UTC."""
    if value is None:
        return None
    try:
        return wire_time(datetime.combine(date.fromisoformat(str(value)[:10]), datetime.min.time()))
    except ValueError:
        raise _invalid("date", value) from None


def moment(value: Any) -> str | None:
    """A point in time; a text without a zone is taken as UTC."""
    if value is None:
        return None
    try:
        return wire_time(datetime.fromisoformat(str(value)))
    except ValueError:
        raise _invalid("timestamp with time zone", value) from None


def moment_or_now(value: Any) -> str:
    """A point in time; the present when nothing was sent."""
    return moment(value) or now()


def wire_time(when: datetime) -> str:
    """ISO 8601 in UTC with milliseconds, as every answer writes it."""
    zoned = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    return zoned.strftime("%Y-%m-%dT%H:%M:%S.") + f"{zoned.microsecond // 1000:03d}Z"


def now() -> str:
    """The present moment, as the wire writes it."""
    return wire_time(datetime.now(UTC))


def _whole(value: Any, kind: str, limit: int) -> int:
    try:
        number = int(str(value).strip()) if not isinstance(value, bool) else None
    except ValueError:
        number = None
    if number is None:
        raise _invalid(kind, value)
    if not -limit <= number < limit:
        raise ApiError(500, f'value "{value}" is out of range for type {kind}')
    return number


def _invalid(kind: str, value: Any) -> ApiError:
    return ApiError(500, f'invalid input syntax for type {kind}: "{text(value)}"')
