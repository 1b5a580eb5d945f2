"""Who sees whom and when: appointments, two episodes a patient, and consultations in the past."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sandbox.db import Database
from sandbox.server_times import wire_time
from sandbox.sizes import ROUNDS, Sizes

_PRESENT_ROUND = 4
_STEP_DAYS = 9
_EARLIEST_DAYS = 180
_DURATION = timedelta(minutes=30)
_SLOTS = 20
_IN_PROGRESS, _COMPLETED, _CANCELLED = 3, 4, 5
_OPEN, _WITHDRAWN = 1, 3

_EPISODE = ("id", "id_paciente", "fecha_inicio", "motivo")
_APPOINTMENT = ("id", "paciente_id", "medico_id", "fecha_inicio", "fecha_fin", "id_estado_cita", "id_tipo_cita")
_CONSULTATION = (
    *("id", "cita_id", "id_estado_consulta", "id_episodio", "id_paciente", "id_medico", "fecha_hora"),
    *("narrativa", "diagnostico_final"),
)


class _Visit(NamedTuple):
    """One patient's appointment in one of the rounds; `days` counts from today, `start` and `end` are wire times."""

    id: int
    round: int
    patient: int
    doctor: int
    days: int
    start: str
    end: str


def seed_visits(database: Database, sizes: Sizes, now: datetime) -> None:
    """Appointments from 180 days ago to 53 days ahead; the days around today are the densest."""
    database.insert_many("episodio", _EPISODE, _episodes(sizes.patients, now))
    # Made twice rather than kept: a million of them would fill the memory.
    database.insert_many("cita", _APPOINTMENT, map(_appointment, _visits(sizes, now)))
    held = (visit for visit in _visits(sizes, now) if visit.days <= 0)
    consultations = (_consultation(n, v, sizes.patients) for n, v in enumerate(held, 1))
    database.insert_many("consulta", _CONSULTATION, consultations)


def _visits(sizes: Sizes, now: datetime) -> Iterator[_Visit]:
    per_day = sizes.patients // _STEP_DAYS + 1
    left = sizes.all_appointments
    for number, turn in enumerate(_turns(-(-left // sizes.patients))):
        for patient in range(1, min(left, sizes.patients) + 1):
            row, column = divmod(patient, _STEP_DAYS)
            # Patients in the order of their day: neighbours in that order see neighbouring doctors,
            # so that any few days in a row bring every doctor somebody.
            doctor = (column * per_day + row + turn) % sizes.doctors + 1
            days = _days_from_today(turn % ROUNDS, column)
            start, end = _times(now, days, (row + turn // ROUNDS) % _SLOTS)
            yield _Visit(number * sizes.patients + patient, turn, patient, doctor, days, start, end)
        left -= sizes.patients


def _turns(count: int) -> list[int]:
    """Which rounds there are: the ten over again for more, those closest to the present for less."""
    if count >= ROUNDS:
        return list(range(count))
    return sorted(sorted(range(ROUNDS), key=lambda turn: abs(turn - _PRESENT_ROUND))[:count])


def _days_from_today(turn: int, column: int) -> int:
    """The first three rounds fill the half year before; from the fourth on there is no day without a visit."""
    if turn < _PRESENT_ROUND - 1:
        return -_EARLIEST_DAYS + 6 * (turn * _STEP_DAYS + column)
    return (turn - _PRESENT_ROUND) * _STEP_DAYS + column


@cache
def _times(now: datetime, days: int, slot: int) -> tuple[str, str]:
    """Half-hour slots from 8:00 on; today's visits begin right now."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    start = midnight + timedelta(days=days, hours=8, minutes=30 * slot) if days else now
    return wire_time(start), wire_time(start + _DURATION)


def _episodes(patients: int, now: datetime) -> Iterator[tuple[Any, ...]]:
    """The first began before any visit, the second before the visits of the second round."""
    for part, began in enumerate((_EARLIEST_DAYS + 1, _EARLIEST_DAYS - 50)):
        start = wire_time(now - timedelta(days=began))
        for patient in range(1, patients + 1):
            number = part * patients + patient
            yield number, patient, start, f"Reason {number}"


def _appointment(visit: _Visit) -> tuple[Any, ...]:
    if visit.days < 0:
        state = _CANCELLED if _consultation_state(visit) == _WITHDRAWN else _COMPLETED
    else:
        state = visit.id % 2 + 1 if visit.days else _IN_PROGRESS
    return visit.id, visit.patient, visit.doctor, visit.start, visit.end, state, (visit.round + 1) % 4 + 1


def _consultation(number: int, visit: _Visit, patients: int) -> tuple[Any, ...]:
    episode = visit.patient + patients * (visit.round % 2)
    note, diagnosis = f"Note {visit.id}", f"Diagnosis {visit.id}"
    state = _consultation_state(visit)
    return number, visit.id, state, episode, visit.patient, visit.doctor, visit.start, note, diagnosis


def _consultation_state(visit: _Visit) -> int:
    """Today's consultations are open; the earlier ones are open, closed or cancelled in turn."""
    return visit.id % 3 + 1 if visit.days else _OPEN
