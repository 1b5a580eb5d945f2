"""PostgreSQL's dates and times: how their texts are read, and how they are kept.

They are kept as the wire writes them, `YYYY-MM-DDTHH:MM:SS.mmmZ`, so that comparing texts compares times. A year
beyond 9999 is written `+0YYYYY` and sorts before the others; the infinities sort where they belong.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from sandbox.error_answers import ApiError
from sandbox.postgres_types import invalid, parameter
from sandbox.server_times import now, wire_time

_ISO = re.compile(
    r"(?P<year>\d{4,6})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"(?:[T ]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.(?P<fraction>\d{1,9}))?)?)?"
    r"\s*(?P<zone>[zZ]|[+-]\d{1,2}(?::?\d{2})?)?",
    re.ASCII,
)
_DIGITS = re.compile(r"(?P<year>\d{2,})(?P<month>\d{2})(?P<day>\d{2})", re.ASCII)
_DAYS_FROM_TODAY = {"yesterday": -1, "today": 0, "tomorrow": 1}
_LAST_YEAR = 294276
_LAST_PLAIN_YEAR = 9999


@dataclass(frozen=True)
class _Moment:
    """What a text says: a calendar day, a time of day in milliseconds, and its zone's distance from UTC, if named."""

    year: int
    month: int
    day: int
    clock: int = 0
    zone: timedelta | None = None

    def wire(self, clock: int) -> str:
        """As the wire writes it, with `clock` milliseconds into the day."""
        year = f"{self.year:04d}" if self.year <= _LAST_PLAIN_YEAR else f"+{self.year:06d}"
        seconds, milliseconds = divmod(clock, 1000)
        hour, minute, second = seconds // 3600, seconds // 60 % 60, seconds % 60
        time = f"{hour:02d}:{minute:02d}:{second:02d}.{milliseconds:03d}"
        return f"{year}-{self.month:02d}-{self.day:02d}T{time}Z"


def date(value: Any) -> str | None:
    """DATE, kept as its midnight in UTC."""
    sent = parameter(value)
    if sent is None:
        return None
    special = _special(sent)
    if special is not None:
        return special if "infinity" in special else special[:10] + "T00:00:00.000Z"
    return _read(sent, "date").wire(0)


def timestamp(value: Any) -> str | None:
    """TIMESTAMP without a zone: one that the text names is not looked at."""
    sent = parameter(value)
    if sent is None:
        return None
    moment = None if (special := _special(sent)) else _read(sent, "timestamp")
    return moment.wire(moment.clock) if moment else special


def timestamp_or_now(value: Any) -> str:
    """TIMESTAMP, the present moment by default."""
    return timestamp(value) or now()


def timestamptz(value: Any) -> str:
    """TIMESTAMP WITH TIME ZONE, which filters on times compare with: in UTC unless the text names a zone."""
    sent = parameter(value) or ""
    if special := _special(sent):
        return special
    moment = _read(sent, "timestamp with time zone")
    if not moment.zone or moment.year > _LAST_PLAIN_YEAR:
        return moment.wire(moment.clock)
    local = datetime(moment.year, moment.month, moment.day, tzinfo=timezone(moment.zone))
    try:
        return wire_time(local + timedelta(milliseconds=moment.clock))
    except OverflowError:
        raise _out_of_range(sent) from None


def _special(sent: str) -> str | None:
    """The words that PostgreSQL reads as times."""
    word = sent.strip().lower()
    if word in ("infinity", "-infinity"):
        return word
    if word == "now":
        return now()
    if word == "epoch":
        return "1970-01-01T00:00:00.000Z"
    if word in _DAYS_FROM_TODAY:
        return wire_time(datetime.now(UTC) + timedelta(days=_DAYS_FROM_TODAY[word]))[:10] + "T00:00:00.000Z"
    return None


def _read(sent: str, kind: str) -> _Moment:
    found = _ISO.fullmatch(sent.strip()) or _DIGITS.fullmatch(sent.strip())
    if found is None:
        raise invalid(kind, sent)
    part = {key: value for key, value in found.groupdict().items() if value is not None}
    # Digits without a separator have no need to stop at four for the year; the calendar repeats every 400 years.
    year, month, day = int(part["year"]), int(part["month"]), int(part["day"])
    if not (0 < year <= _LAST_YEAR and 1 <= month <= 12 and 1 <= day <= monthrange(2000 + year % 400, month)[1]):
        raise _out_of_range(sent)
    hour, minute, second = (int(part.get(name, 0)) for name in ("hour", "minute", "second"))
    if hour > 23 or minute > 59 or second > 59:
        raise _out_of_range(sent)
    milliseconds = int(part.get("fraction", "0").ljust(3, "0")[:3])
    clock = ((hour * 60 + minute) * 60 + second) * 1000 + milliseconds
    return _Moment(year, month, day, clock, _zone(part.get("zone"), sent))


def _zone(name: str | None, sent: str) -> timedelta | None:
    if name is None or name in "zZ":
        return None
    hours, minutes = int(name[1:3].rstrip(":")), int(name[3:].lstrip(":") or 0)
    if hours > 15 or minutes > 59:
        raise ApiError(500, f'time zone displacement out of range: "{sent}"')
    away = timedelta(hours=hours, minutes=minutes)
    return -away if name[0] == "-" else away


def _out_of_range(sent: str) -> ApiError:
    return ApiError(500, f'date/time field value out of range: "{sent}"')
