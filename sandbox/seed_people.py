"""The clinic's people: one administrator, the doctors, the patients. They all share one password."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sandbox.db import Database
from sandbox.passwords import hash_password
from sandbox.server_times import wire_time

PASSWORD = "password123"
COLONIAS = 20
_FIRST_BIRTHDAY = datetime(1950, 1, 1)
_USER = ("id", "username", "correo", "telefono", "password", "rol_id")
_DOCTOR = (
    *("id", "usuario_id", "nombre", "cedula", "descripcion", "id_especialidad", "telefono", "correo", "ubicacion"),
)
_PATIENT = (
    *("id", "usuario_id", "nombre", "fecha_nacimiento", "sexo", "altura", "peso", "estilo_vida", "alergias"),
    *("id_tipo_sangre", "id_ocupacion", "id_estado_civil", "id_medico_gen", "telefono", "correo", "direccion"),
)
_ADDRESS = ("id", "paciente_id", "calle", "numero_ext", "id_colonia")


def seed_people(database: Database, patients: int, doctors: int) -> None:
    """User 1 is the administrator; the doctors' users follow, then the patients'."""
    database.insert_many("usuario", _USER, _users(patients, doctors))
    database.insert_many("medico", _DOCTOR, (_doctor(n) for n in range(1, doctors + 1)))
    database.insert_many("paciente", _PATIENT, (_patient(n, doctors) for n in range(1, patients + 1)))
    addresses = ((n, n, f"Street {n}", str(n), n % COLONIAS + 1) for n in range(1, patients + 1))
    database.insert_many("direccion_paciente", _ADDRESS, addresses)


def user_of(patient: int, doctors: int) -> int:
    """The id of a patient's account."""
    return 1 + doctors + patient


def _users(patients: int, doctors: int) -> Iterator[tuple[Any, ...]]:
    # One hash for all: hashing 320 times would be most of the start-up time.
    hashed = hash_password(PASSWORD, salt="sandbox")
    yield 1, "admin", "admin@example.com", "555-0001", hashed, 1
    for n in range(1, doctors + 1):
        yield 1 + n, f"doctor{n:03d}", f"doctor{n:03d}@example.com", f"555-1{n:03d}", hashed, 2
    for n in range(1, patients + 1):
        user = user_of(n, doctors)
        yield user, f"patient{n:04d}", f"patient{n:04d}@example.com", f"555-2{n:04d}", hashed, 3


def _doctor(n: int) -> tuple[Any, ...]:
    user = 1 + n
    phone, email = f"555-1{n:03d}", f"doctor{n:03d}@example.com"
    return n, user, f"Doctor {n:03d}", f"CED{n:03d}", "Test doctor", user % 8 + 1, phone, email, f"Room {user}"


def _patient(n: int, doctors: int) -> tuple[Any, ...]:
    user = user_of(n, doctors)
    return (
        n,
        user,
        f"Patient {n:04d}",
        wire_time(_FIRST_BIRTHDAY + timedelta(days=37 * user % 25_000)),
        "Masculino" if user % 2 else "Femenino",
        f"{150 + user % 40}.00",
        f"{50 + user % 50}.00",
        "Activo",
        "Ninguna",
        user % 8 + 1,
        user % 8 + 1,
        user % 4 + 1,
        user % doctors + 1,
        f"555-2{n:04d}",
        f"patient{n:04d}@example.com",
        f"Street {user}",
    )
