"""What surrounds the visits: insurers and policies, files, notifications and access codes, one per patient."""

from datetime import datetime, timedelta

from sandbox.db import Database
from sandbox.seed_people import user_of
from sandbox.server_times import wire_time
from sandbox.sizes import Sizes

_INSURERS = 5
_ADMIN = 1
_POLICY = ("id", "id_paciente", "id_aseguradora", "numero_poliza", "vigente_desde", "vigente_hasta")
_ASSOCIATION = ("id", "archivo_id", "entidad", "entidad_id", "descripcion", "autor_id", "fecha_creacion")
_REMINDER = ("id", "id_cita", "mensaje", "canal", "fecha_envio", "estado", "id_usuario")


def seed_papers(database: Database, sizes: Sizes, now: datetime) -> None:
    _seed_insurance(database, sizes.patients, now.year)
    _seed_files(database, sizes.patients, wire_time(now))
    _seed_messages(database, sizes, now)


def _seed_insurance(database: Database, patients: int, year: int) -> None:
    insurers = (
        (n, f"Insurer {n}", f"RFC{n:06d}", f"555-4{n}", f"insurer{n}@example.com") for n in range(1, _INSURERS + 1)
    )
    database.insert_many("aseguradora", ("id", "nombre", "rfc", "telefono", "correo"), insurers)
    begin, end = f"{year}-01-01T00:00:00.000Z", f"{year}-12-31T00:00:00.000Z"
    policies = ((n, n, n % _INSURERS + 1, f"POL-{n}", begin, end) for n in range(1, patients + 1))
    database.insert_many("poliza", _POLICY, policies)


def _seed_files(database: Database, patients: int, created: str) -> None:
    files = (
        (n, "application/pdf" if n % 3 else "image/jpeg", f"https://files.example.com/{n}", f"sha256:{n}", created)
        for n in range(1, patients + 1)
    )
    database.insert_many("archivo", ("id", "tipo", "url", "hash_integridad", "creado_en"), files)
    associations = ((n, n, "PACIENTE", n, f"Study {n}", _ADMIN, created) for n in range(1, patients + 1))
    database.insert_many("archivo_asociacion", _ASSOCIATION, associations)


def _seed_messages(database: Database, sizes: Sizes, now: datetime) -> None:
    """Reminders of each patient's first appointment, and codes that are good for a day."""
    patients = range(1, sizes.patients + 1)

    def first(patient: int) -> int | None:
        return patient if patient <= sizes.all_appointments else None

    sent, expires = wire_time(now - timedelta(days=1)), wire_time(now + timedelta(days=1))
    reminders = (
        (n, first(n), f"Reminder {n}", "sms" if n % 2 else "email", sent, "Enviada", user_of(n, sizes.doctors))
        for n in patients
    )
    database.insert_many("notificacion", _REMINDER, reminders)
    codes = ((n, f"CODE-{n}", expires, n % 4 + 1, user_of(n, sizes.doctors)) for n in patients)
    database.insert_many("acceso_codigo", ("id", "codigo", "expira_en", "id_estado_codigo", "id_usuario"), codes)
