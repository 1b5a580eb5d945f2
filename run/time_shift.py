"""By how much a CMS shifts the times that it gives back: it stores them without a zone, and may not run in UTC."""

from datetime import datetime, timedelta
from typing import Any

from api.endpoints import LIST_APPOINTMENTS
from run.surveyor import Surveyor

STEP = timedelta(minutes=15)
"""All zones of today are whole quarters of an hour away from UTC."""
MAX_STEPS = 60


def time_shift(surveyor: Surveyor) -> int | None:
    """How many minutes times as read lie after times as written; None when there is no appointment to see it by.

    Filters compare what was written: the latest appointment is found by filters up to the time that was written, and
    no further, whatever time the API shows.
    """
    newest = next(iter(surveyor.rows.get(LIST_APPOINTMENTS.path, [])), None)
    if newest is None:
        return None
    low, high = -MAX_STEPS, MAX_STEPS
    while low < high:
        middle = (low + high) // 2
        if _is_any(surveyor, newest.fecha_inicio - middle * STEP):
            high = middle
        else:
            low = middle + 1
    found = low * STEP
    return found // timedelta(minutes=1) if _is_written_at(surveyor, newest, newest.fecha_inicio - found) else None


def _is_any(surveyor: Surveyor, since: datetime) -> bool:
    page = surveyor.ask(LIST_APPOINTMENTS, fecha_desde=since, limit=1)
    return bool(page and page.data)


def _is_written_at(surveyor: Surveyor, appointment: Any, moment: datetime) -> bool:
    """Somebody may have booked a later visit in between: then the search has found that one."""
    page = surveyor.ask(LIST_APPOINTMENTS, fecha_desde=moment, fecha_hasta=moment + STEP, limit=100)
    return bool(page) and appointment.id in [row.id for row in page.data]
