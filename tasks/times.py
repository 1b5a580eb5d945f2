"""Days and hours, as the application's calendar knows them. All times are UTC."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

OPENS, CLOSES = 8, 18
VISIT_MINUTES = 30


def this_week() -> dict[str, datetime]:
    """The filters for the seven days from Monday on."""
    midnight = _midnight(datetime.now(UTC))
    return _between(midnight - timedelta(days=midnight.weekday()), days=7)


def that_day(moment: datetime) -> dict[str, datetime]:
    """The filters for the day of `moment`."""
    return _between(_midnight(moment), days=1)


def free_times(day: datetime, taken: Iterable[datetime]) -> list[datetime]:
    """The starts of visits on that day that nobody has taken, whatever the second they were taken at."""
    busy = {moment.replace(second=0, microsecond=0) for moment in taken}
    opening = _midnight(day) + timedelta(hours=OPENS)
    visits = (CLOSES - OPENS) * 60 // VISIT_MINUTES
    starts = (opening + timedelta(minutes=VISIT_MINUTES * number) for number in range(visits))
    return [start for start in starts if start not in busy]


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _between(start: datetime, days: int) -> dict[str, datetime]:
    return {"fecha_desde": start, "fecha_hasta": start + timedelta(days=days)}
