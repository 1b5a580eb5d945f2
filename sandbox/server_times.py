"""Times on the wire, and what a server whose own zone is not UTC makes of those that it has stored."""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from flask import Flask, current_app

_EXTENSION = "cms-time-zone"
_STORED = frozenset(
    (
        "asociacion_fecha",
        "creado_en",
        "expira_en",
        "fecha_creacion",
        "fecha_envio",
        "fecha_fin",
        "fecha_hora",
        "fecha_inicio",
        "fecha_nacimiento",
        "usado_en",
        "vigente_desde",
        "vigente_hasta",
    )
)
"""The columns of dates, and of times without a zone, as the lists name them."""


class UnknownZone(ValueError):
    """No such time zone; the text is one line for the user."""


def wire_time(when: datetime) -> str:
    """ISO 8601 in UTC with milliseconds, as every answer writes it."""
    zoned = when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    return zoned.strftime("%Y-%m-%dT%H:%M:%S.") + f"{zoned.microsecond // 1000:03d}Z"


def now() -> str:
    """The present moment, as the wire writes it."""
    return wire_time(datetime.now(UTC))


def parse_zone(name: str) -> ZoneInfo | None:
    """The zone of that name, None for UTC; UnknownZone when there is none."""
    try:
        return None if name == "UTC" else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        fix = (
            "name one such as America/Mexico_City" if available_timezones() else "install tzdata: this machine has none"
        )
        raise UnknownZone(f"unknown time zone {name!r}; {fix}") from None


def attach_time_zone(app: Flask, zone: ZoneInfo | None) -> None:
    """The app's server runs in this zone; None is UTC."""
    app.extensions[_EXTENSION] = zone


def read_back(rows: Iterable[dict[str, Any]]) -> None:
    """Rewrites the stored times of the rows as the driver reads them: as the clock of the server's own zone."""
    zone: ZoneInfo | None = current_app.extensions[_EXTENSION]
    if zone is None:
        return
    for row in rows:
        for column in row.keys() & _STORED:
            if row[column] is not None:
                row[column] = _as_local(row[column], zone)


@lru_cache(maxsize=4096)
def _as_local(stored: str, zone: ZoneInfo) -> str:
    """`stored` is in the wire's form; a time beyond the calendar's years stays as it is."""
    try:
        return wire_time(datetime.fromisoformat(stored.rstrip("Z")).replace(tzinfo=zone))
    except (ValueError, OverflowError):
        return stored
