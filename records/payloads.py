"""What the suite writes: synthetic people and records, each with the run's mark where a person can see it."""

import functools
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from faker import Faker

from api.endpoints import ACCESS_CODE_STATES, APPOINTMENT_STATES, APPOINTMENT_TYPES, CONSULTATION_STATES
from records.marks import VISIT, Mark
from records.survey import Survey

Body = dict[str, Any]

PATIENT, DOCTOR = "patient", "doctor"
FIRST, NEXT = 0, 1
"""The state in which a record begins, and the one that comes after it: catalogs list their states in this order."""


@functools.cache
def _faker() -> Faker:
    return Faker("es_MX")


class Payloads:
    """Bodies for one user's writes, by the user's own rng. Nothing in them belongs to a real person.

    Ids that differ from one CMS to the next come from its survey.
    """

    def __init__(self, mark: Mark, rng: Random, survey: Survey) -> None:
        self._mark = mark
        self._rng = rng
        self._survey = survey
        self._faker = _faker()  # now: it reads many files

    def account(self, role: str = PATIENT) -> Body:
        """A user who can sign in; the name is new in every call, so that nothing can be a duplicate.

        Raises NothingToDo when nobody knows the id of the role.
        """
        role_id = self._survey.role_id(role)
        username = self.code()
        return {
            "username": username,
            "correo": f"{username}@example.com",
            "telefono": self._fake("phone_number")[:20],
            "password": uuid.uuid4().hex,
            "rol_id": role_id,
        }

    def password(self) -> Body:
        return {"password": uuid.uuid4().hex}

    def patient(
        self,
        user_id: int,
        doctor_id: int | None = None,
        blood_type: int | None = None,
        occupation: int | None = None,
        status: int | None = None,
    ) -> Body:
        return {
            "usuario_id": user_id,
            "nombre": self.marked(self._fake("name")),
            "fecha_nacimiento": self._birthday().isoformat(),
            "sexo": self._rng.choice(["Femenino", "Masculino"]),
            "altura": round(self._rng.uniform(150, 195), 1),
            "peso": round(self._rng.uniform(45, 110), 2),
            "estilo_vida": self._rng.choice(["Activo", "Sedentario"]),
            "alergias": self._rng.choice(["Ninguna", "Penicilina", "Polen"]),
            "id_tipo_sangre": blood_type,
            "id_ocupacion": occupation,
            "id_estado_civil": status,
            "id_medico_gen": doctor_id,
            "correo": f"{self.code()}@example.com",
            "telefono": self._fake("phone_number")[:20],
            "direccion": self._fake("street_address"),
            "nss": f"{self._rng.randrange(10**11):011d}",
        }

    def doctor(self, user_id: int, specialty_id: int | None = None) -> Body:
        return {
            "usuario_id": user_id,
            "nombre": self.marked(f"Dr. {self._fake('last_name')}"),
            "cedula": f"LT{self._rng.randrange(10**8):08d}",
            "descripcion": self.marked("Load test"),
            "id_especialidad": specialty_id,
            "correo": f"{self.code()}@example.com",
            "telefono": self._fake("phone_number")[:20],
            "ubicacion": f"Consultorio {self._rng.randrange(1, 40)}",
        }

    def address(self) -> Body:
        """Raises NothingToDo when no colonia is known."""
        return {
            "calle": self.marked(self._fake("street_name")),
            "numero_ext": str(self._rng.randrange(1, 999)),
            "numero_int": None,
            "id_colonia": self._survey.known_colonia(),
        }

    def appointment(self, patient_id: int, doctor_id: int, start: datetime) -> Body:
        """Thirty minutes from `start` on; the mark is in the seconds of both times."""
        return {
            "paciente_id": patient_id,
            "medico_id": doctor_id,
            "fecha_inicio": _iso(self._mark.on(start)),
            "fecha_fin": _iso(self._mark.on(start + VISIT)),
            "id_estado_cita": self._survey.entry(APPOINTMENT_STATES, FIRST),
            "id_tipo_cita": self._one_of(self._survey.entries(APPOINTMENT_TYPES)),
        }

    def episode(self, patient_id: int) -> Body:
        complaint = self._rng.choice(["Dolor de cabeza", "Revisión", "Fiebre", "Dolor de espalda"])
        return {"id_paciente": patient_id, "motivo": self.marked(complaint)}

    def consultation(
        self, appointment_id: int, patient_id: int, doctor_id: int, episode_id: int | None, diagnosis: str | None = None
    ) -> Body:
        """The note on a visit; with a diagnosis it is closed."""
        return {
            "cita_id": appointment_id,
            "id_paciente": patient_id,
            "id_medico": doctor_id,
            "id_episodio": episode_id,
            "id_estado_consulta": self._survey.entry(CONSULTATION_STATES, NEXT if diagnosis else FIRST),
            "fecha_hora": _iso(datetime.now(UTC)),
            "narrativa": self.marked("El paciente refiere molestias"),
            "diagnostico_final": diagnosis,
        }

    def study(self, patient_id: int) -> Body:
        return {
            "tipo": self._rng.choice(["application/pdf", "image/jpeg"]),
            "url": f"https://files.example.com/{self.code()}",
            "hash_integridad": f"sha256:{uuid.uuid4().hex}",
            "entidad": "PACIENTE",
            "entidad_id": patient_id,
            "descripcion": self.marked("Estudio"),
        }

    def insurer(self) -> Body:
        return {
            "nombre": self.marked(f"Seguros {self._fake('last_name')}"),
            "rfc": f"LTS{self._rng.randrange(10**6):06d}AAA",
            "telefono": self._fake("phone_number")[:20],
            "correo": f"{self.code()}@example.com",
        }

    def policy(self, patient_id: int, insurer_id: int) -> Body:
        today = datetime.now(UTC).date()
        return {
            "id_paciente": patient_id,
            "id_aseguradora": insurer_id,
            "numero_poliza": self.code(),
            "vigente_desde": today.isoformat(),
            "vigente_hasta": (today + timedelta(days=365)).isoformat(),
        }

    def notification(self, user_id: int | None, appointment_id: int | None = None, sent: bool = False) -> Body:
        return {
            "id_usuario": user_id,
            "id_cita": appointment_id,
            "mensaje": self.marked("Recordatorio de su cita"),
            "canal": self._rng.choice(["email", "sms"]),
            "fecha_envio": _iso(datetime.now(UTC)) if sent else None,
            "estado": "Enviada" if sent else "Pendiente",
        }

    def access_code(self, user_id: int, used: bool = False) -> Body:
        return {
            "codigo": self.code(),
            "id_usuario": user_id,
            "expira_en": _iso(datetime.now(UTC) + timedelta(days=1)),
            "id_estado_codigo": self._survey.entry(ACCESS_CODE_STATES, NEXT if used else FIRST),
        }

    def catalog_entry(self) -> Body:
        return {"nombre": self.code()}

    def blood_type(self) -> Body:
        """Its column has room for the short mark only."""
        return {"tipo": self._mark.short}

    def code(self) -> str:
        """A new word that is its own mark."""
        return f"{self._mark.text}-{uuid.uuid4().hex[:8]}"

    def marked(self, text: str) -> str:
        return f"{text} {self._mark.text}"

    def _one_of(self, ids: Sequence[int]) -> int | None:
        return self._rng.choice(ids) if ids else None

    def _fake(self, kind: str) -> str:
        self._faker.seed_instance(self._rng.getrandbits(32))
        return str(getattr(self._faker, kind)())

    def _birthday(self) -> date:
        return date(1940, 1, 1) + timedelta(days=self._rng.randrange(70 * 365))


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
