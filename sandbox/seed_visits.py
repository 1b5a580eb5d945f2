"""Who sees whom and when: each patient has ten appointments, two episodes, and consultations in the past."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.db import Database
from sandbox.times import wire_time

_ROUNDS = 10
_PRESENT_ROUND = 4
_STEP_DAYS = 9
_EARLIEST_DAYS = 180
_DURATION = timedelta(minutes=30)
_IN_PROGRESS, _COMPLETED, _CANCELLED = 3, 4, 5
_OPEN, _WITHDRAWN = 1, 3

_EPISODE = "INSERT INTO episodio (id, id_paciente, fecha_inicio, motivo) VALUES (?, ?, ?, ?)"
_APPOINTMENT = """
INSERT INTO cita (id, paciente_id, medico_id, fecha_inicio, fecha_fin, id_estado_cita, id_tipo_cita)
VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_CONSULTATION = """
INSERT INTO consulta (id, cita_id, id_estado_consulta, id_episodio, id_paciente, id_medico, fecha_hora,
                      narrativa, diagnostico_final)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


@dataclass(frozen=True)
class _Visit:
    """One patient's appointment in one of the ten rounds; `days` counts from today."""

    id: int
    round: int
    patient: int
    doctor: int
    days: int
    start: datetime


def seed_visits(database: Database, patients: int, doctors: int, now: datetime) -> None:
    """Appointments from 180 days ago to 53 days ahead; the days around today are the densest."""
    visits = list(_visits(patients, doctors, now))
    database.insert_many(_EPISODE, _episodes(patients, now))
    database.insert_many(_APPOINTMENT, map(_appointment, visits))
    held = (visit for visit in visits if visit.days <= 0)
    database.insert_many(_CONSULTATION, (_consultation(n, v, patients) for n, v in enumerate(held, 1)))


def _visits(patients: int, doctors: int, now: datetime) -> Iterator[_Visit]:
    per_day = patients // _STEP_DAYS + 1
    for turn in range(_ROUNDS):
        for patient in range(1, patients + 1):
            row, column = divmod(patient, _STEP_DAYS)
            # Patients in the order of their day: neighbours in that order see neighbouring doctors,
            # so that any few days in a row bring every doctor somebody.
            doctor = (column * per_day + row + turn) % doctors + 1
            days = _days_from_today(turn, column)
            start = _start(now, days, slot=row % 20)
            yield _Visit(turn * patients + patient, turn, patient, doctor, days, start)


def _days_from_today(turn: int, column: int) -> int:
    """The first three rounds fill the half year before; from the fourth on there is no day without a visit."""
    if turn < _PRESENT_ROUND - 1:
        return -_EARLIEST_DAYS + 6 * (turn * _STEP_DAYS + column)
    return (turn - _PRESENT_ROUND) * _STEP_DAYS + column


def _start(now: datetime, days: int, slot: int) -> datetime:
    """Half-hour slots from 8:00 on; today's visits begin right now."""
    if days == 0:
        return now
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=days, hours=8, minutes=30 * slot)


def _episodes(patients: int, now: datetime) -> Iterator[tuple[Any, ...]]:
    """The first began before any visit, the second before the visits of the second round."""
    for part, began in enumerate((_EARLIEST_DAYS + 1, _EARLIEST_DAYS - 50)):
        for patient in range(1, patients + 1):
            number = part * patients + patient
            yield number, patient, wire_time(now - timedelta(days=began)), f"Reason {number}"


def _appointment(visit: _Visit) -> tuple[Any, ...]:
    if visit.days < 0:
        state = _CANCELLED if _consultation_state(visit) == _WITHDRAWN else _COMPLETED
    else:
        state = visit.id % 2 + 1 if visit.days else _IN_PROGRESS
    start, end = wire_time(visit.start), wire_time(visit.start + _DURATION)
    return visit.id, visit.patient, visit.doctor, start, end, state, (visit.round + 1) % 4 + 1


def _consultation(number: int, visit: _Visit, patients: int) -> tuple[Any, ...]:
    episode = visit.patient + patients * (visit.round % 2)
    state, when = _consultation_state(visit), wire_time(visit.start)
    note, diagnosis = f"Note {visit.id}", f"Diagnosis {visit.id}"
    return number, visit.id, state, episode, visit.patient, visit.doctor, when, note, diagnosis


def _consultation_state(visit: _Visit) -> int:
    """Today's consultations are open; the earlier ones are open, closed or cancelled in turn."""
    return visit.id % 3 + 1 if visit.days else _OPEN
