"""The seeded clinic: the same every time, and one in which everybody has something to do."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sandbox.db import Database
from sandbox.seed import seed
from sandbox.server_times import wire_time
from sandbox.sizes import Sizes
from sandbox.sqlite_database import SqliteDatabase


def everything(path: Path, sizes: Sizes, now: datetime) -> list[str]:
    database = SqliteDatabase(path)
    seed(database, sizes, now)
    database.close()
    connection = sqlite3.connect(path)
    rows = list(connection.iterdump())
    connection.close()
    return rows


def test_the_same_hour_and_sizes_give_the_same_clinic(tmp_path: Path) -> None:
    now = datetime(2026, 3, 31, 23, tzinfo=UTC)
    first = everything(tmp_path / "one", Sizes(30, 4), now)
    assert first == everything(tmp_path / "two", Sizes(30, 4), now)
    assert first != everything(tmp_path / "three", Sizes(30, 4), now + timedelta(hours=1))


def test_the_default_clinic_has_these_sizes(seeded: Database) -> None:
    sizes = {
        "usuario": 321,
        "medico": 20,
        "paciente": 300,
        "cita": 3000,
        "episodio": 600,
        "consulta": 1233,
        "poliza": 300,
        "aseguradora": 5,
        "archivo": 300,
        "archivo_asociacion": 300,
        "notificacion": 300,
        "acceso_codigo": 300,
        "auditoria": 0,
        "direccion_paciente": 300,
    }
    assert {table: seeded.value(f"SELECT COUNT(*) FROM {table}") for table in sizes} == sizes


@pytest.mark.parametrize("first_day", range(-6, 8))
def test_every_doctor_has_appointments_in_any_week_around_today(
    seeded: Database, first_day: int, this_hour: datetime
) -> None:
    monday = this_hour.replace(hour=0) + timedelta(days=first_day)
    week = (wire_time(monday), wire_time(monday + timedelta(days=7)))
    sql = "SELECT COUNT(DISTINCT medico_id) FROM cita WHERE fecha_inicio >= ? AND fecha_inicio < ?"
    assert seeded.value(sql, week) == 20


def test_every_patient_has_a_past_and_a_future(seeded: Database, this_hour: datetime) -> None:
    for comparison in ("<", ">"):
        sql = f"SELECT COUNT(DISTINCT paciente_id) FROM cita WHERE fecha_inicio {comparison} ?"
        assert seeded.value(sql, (wire_time(this_hour),)) == 300


def test_appointments_reach_half_a_year_back_and_53_days_ahead(seeded: Database, this_hour: datetime) -> None:
    first, last = (
        datetime.fromisoformat(seeded.value(f"SELECT {end}(fecha_inicio) FROM cita")) for end in ("MIN", "MAX")
    )
    assert (this_hour.date() - first.date()).days == 180
    assert (last.date() - this_hour.date()).days == 53


def test_a_consultation_belongs_to_its_past_appointment(seeded: Database, this_hour: datetime) -> None:
    wrong = seeded.value(
        """
        SELECT COUNT(*) FROM consulta k JOIN cita c ON c.id = k.cita_id JOIN episodio e ON e.id = k.id_episodio
        WHERE c.paciente_id <> k.id_paciente OR c.medico_id <> k.id_medico OR e.id_paciente <> k.id_paciente
           OR c.fecha_inicio <> k.fecha_hora OR c.fecha_inicio > ? OR e.fecha_inicio > k.fecha_hora
        """,
        (wire_time(this_hour),),
    )
    assert wrong == 0


@pytest.mark.parametrize("sizes", [Sizes(1, 1), Sizes(2, 20), Sizes(5000, 999)])
def test_other_sizes_work(databases: Callable[..., Database], sizes: Sizes) -> None:
    database = databases(empty=True)
    seed(database, sizes)
    assert database.value("SELECT COUNT(*) FROM cita") == sizes.patients * 10
    name = database.value("SELECT username FROM usuario ORDER BY id DESC")
    assert name == f"patient{sizes.patients:04d}"
