"""Every route of the API, once. The only file with a URL: tasks, budgets, tests and tables take them from here."""

from dataclasses import dataclass
from typing import Any, TypeVar

from api import request_bodies as bodies
from api import schemas
from api.checks import Check, at_most, before, containing, every_row, not_before
from api.endpoint import Endpoint, Returned
from api.schemas import Done, FileWritten, Page, Rows, Written

Row = TypeVar("Row")


def listing(path: str, row: type[Row], query: tuple[str, ...] = (), **checks: Check) -> Endpoint[Page[Row]]:
    """A list with pages; `checks` are its filters, `query` the parameters that no check can follow."""
    pages: Any = Page
    page: type[Page[Row]] = pages[row]
    return Endpoint("GET", path, page, checks=checks, query=frozenset(query))


def reading(path: str, returns: type[Returned], needs_token: bool = True) -> Endpoint[Returned]:
    return Endpoint("GET", path, returns, needs_token=needs_token)


def creating(path: str, takes: Any) -> Endpoint[Written]:
    return Endpoint("POST", path, Written, status=201, takes=takes)


def replacing(path: str, takes: Any) -> Endpoint[Written]:
    """PUT replaces the whole record: a field that is left out becomes null."""
    return Endpoint("PUT", path, Written, takes=takes)


def deleting(path: str) -> Endpoint[Done]:
    return Endpoint("DELETE", path, Done)


@dataclass(frozen=True, slots=True)
class Catalog:
    """The five routes that each of the eight catalogs has."""

    list_entries: Endpoint[Page[Any]]
    create_entry: Endpoint[Written]
    get_entry: Endpoint[Any]
    update_entry: Endpoint[Written]
    delete_entry: Endpoint[Done]

    @classmethod
    def at(cls, path: str, takes: Any = bodies.CatalogBody, entry: Any = schemas.CatalogEntry) -> "Catalog":
        (field,) = takes.__struct_fields__
        return cls(
            listing(path, entry, search=containing(field)),
            creating(path, takes),
            reading(f"{path}/{{id}}", entry),
            replacing(f"{path}/{{id}}", takes),
            deleting(f"{path}/{{id}}"),
        )

    def __iter__(self) -> Any:
        return (getattr(self, route) for route in self.__slots__)


HEALTH = reading("/health", schemas.Health, needs_token=False)
DATABASE_HEALTH = reading("/health/database", schemas.DatabaseHealth, needs_token=False)
API_HEALTH = reading("/health/api", schemas.ApiHealth, needs_token=False)
SYSTEM_HEALTH = reading("/health/system", schemas.SystemHealth, needs_token=False)

SIGN_IN = Endpoint("POST", "/api/auth/login", schemas.SignedIn, needs_token=False, takes=bodies.Credentials)
WHO_AM_I = reading("/api/auth/me", schemas.WhoAmI)

GET_DASHBOARD = reading("/api/dashboard", schemas.Dashboard)
GET_KPIS = reading("/api/dashboard/kpis", schemas.Kpis)
GET_CHARTS = reading("/api/dashboard/charts", schemas.Charts)

LIST_USERS = listing("/api/users", schemas.User, search=containing("username", "correo"))
CREATE_USER = creating("/api/users", bodies.NewUser)
GET_USER = reading("/api/users/{id}", schemas.User)
UPDATE_USER = replacing("/api/users/{id}", bodies.UserBody)
DELETE_USER = deleting("/api/users/{id}")
SET_PASSWORD = Endpoint("PATCH", "/api/users/{id}/password", Done, takes=bodies.NewPassword)

SPECIALTIES = Catalog.at("/api/catalogs/especialidades", bodies.LongNameBody)
BLOOD_TYPES = Catalog.at("/api/catalogs/tipos-sangre", bodies.BloodTypeBody, schemas.BloodType)
OCCUPATIONS = Catalog.at("/api/catalogs/ocupaciones", bodies.LongNameBody)
MARITAL_STATUSES = Catalog.at("/api/catalogs/estado-civil")
APPOINTMENT_STATES = Catalog.at("/api/catalogs/estado-cita")
APPOINTMENT_TYPES = Catalog.at("/api/catalogs/tipo-cita")
CONSULTATION_STATES = Catalog.at("/api/catalogs/estado-consulta")
ACCESS_CODE_STATES = Catalog.at("/api/catalogs/estado-codigo")
CATALOGS = (
    SPECIALTIES,
    BLOOD_TYPES,
    OCCUPATIONS,
    MARITAL_STATUSES,
    APPOINTMENT_STATES,
    APPOINTMENT_TYPES,
    CONSULTATION_STATES,
    ACCESS_CODE_STATES,
)

LIST_DOCTORS = listing("/api/doctors", schemas.Doctor, search=containing("username", "nombre", "cedula"))
CREATE_DOCTOR = creating("/api/doctors", bodies.NewDoctor)
GET_DOCTOR = reading("/api/doctors/{id}", schemas.Doctor)
UPDATE_DOCTOR = replacing("/api/doctors/{id}", bodies.DoctorBody)
DELETE_DOCTOR = deleting("/api/doctors/{id}")

LIST_PATIENTS = listing("/api/patients", schemas.Patient)
CREATE_PATIENT = creating("/api/patients", bodies.NewPatient)
GET_PATIENT = reading("/api/patients/{id}", schemas.Patient)
UPDATE_PATIENT = replacing("/api/patients/{id}", bodies.PatientBody)
DELETE_PATIENT = deleting("/api/patients/{id}")
LIST_ADDRESSES = reading("/api/patients/{patient_id}/addresses", Rows[schemas.Address])
CREATE_ADDRESS = creating("/api/patients/{patient_id}/addresses", bodies.AddressBody)
UPDATE_ADDRESS = replacing("/api/patients/{patient_id}/addresses/{id}", bodies.AddressBody)
DELETE_ADDRESS = deleting("/api/patients/{patient_id}/addresses/{id}")

LIST_APPOINTMENTS = listing(
    "/api/appointments/citas",
    schemas.Appointment,
    fecha_desde=not_before("fecha_inicio"),
    fecha_hasta=before("fecha_inicio"),
    id_estado_cita=every_row("id_estado_cita"),
    id_tipo_cita=every_row("id_tipo_cita"),
    medico_id=every_row("medico_id"),
    paciente_id=every_row("paciente_id"),
)
CREATE_APPOINTMENT = creating("/api/appointments/citas", bodies.AppointmentBody)
UPDATE_APPOINTMENT = replacing("/api/appointments/citas/{id}", bodies.AppointmentBody)
DELETE_APPOINTMENT = deleting("/api/appointments/citas/{id}")

LIST_CONSULTATIONS = listing(
    "/api/appointments/consultas",
    schemas.Consultation,
    fecha_desde=not_before("fecha_hora"),
    fecha_hasta=before("fecha_hora"),
    id_estado_consulta=every_row("id_estado_consulta"),
    medico_id=every_row("id_medico"),
    paciente_id=every_row("id_paciente"),
)
CREATE_CONSULTATION = creating("/api/appointments/consultas", bodies.NewConsultation)
UPDATE_CONSULTATION = replacing("/api/appointments/consultas/{id}", bodies.ConsultationBody)
DELETE_CONSULTATION = deleting("/api/appointments/consultas/{id}")

LIST_EPISODES = Endpoint(
    "GET",
    "/api/appointments/episodios",
    Rows[schemas.Episode],
    checks={"paciente_id": every_row("id_paciente"), "limit": at_most},
    query=frozenset({"limit", "offset"}),
)
"""It has pages, ten rows each unless `limit` says otherwise, but does not say how many rows there are."""
CREATE_EPISODE = creating("/api/appointments/episodios", bodies.NewEpisode)
CLOSE_EPISODE = Endpoint("PATCH", "/api/appointments/episodios/{id}/close", Written)
DELETE_EPISODE = deleting("/api/appointments/episodios/{id}")

LIST_FILES = listing("/api/files", schemas.File, search=containing("tipo", "url", "entidad_nombre"))
CREATE_FILE = Endpoint("POST", "/api/files", FileWritten, status=201, takes=bodies.NewFile)
UPDATE_FILE = replacing("/api/files/{id}", bodies.FileBody)
DELETE_FILE = deleting("/api/files/{id}")
LIST_ASSOCIATIONS = Endpoint(
    "GET",
    "/api/files/associations",
    Rows[schemas.Association],
    checks={"archivo_id": every_row("archivo_id")},
)
DELETE_ASSOCIATION = deleting("/api/files/associations/{id}")

LIST_INSURERS = listing("/api/insurance/companies", schemas.Insurer)
CREATE_INSURER = creating("/api/insurance/companies", bodies.InsurerBody)
GET_INSURER = reading("/api/insurance/companies/{id}", schemas.Insurer)
UPDATE_INSURER = replacing("/api/insurance/companies/{id}", bodies.InsurerBody)
DELETE_INSURER = deleting("/api/insurance/companies/{id}")
LIST_POLICIES = listing("/api/insurance/policies", schemas.Policy, search=containing("paciente", "numero_poliza"))
CREATE_POLICY = creating("/api/insurance/policies", bodies.PolicyBody)
GET_POLICY = reading("/api/insurance/policies/{id}", schemas.Policy)
UPDATE_POLICY = replacing("/api/insurance/policies/{id}", bodies.PolicyBody)
DELETE_POLICY = deleting("/api/insurance/policies/{id}")

LIST_NOTIFICATIONS = listing("/api/notifications", schemas.Notification, search=containing("estado", "canal"))
CREATE_NOTIFICATION = creating("/api/notifications", bodies.NotificationBody)
UPDATE_NOTIFICATION = replacing("/api/notifications/{id}", bodies.NotificationBody)
DELETE_NOTIFICATION = deleting("/api/notifications/{id}")
LIST_ACCESS_CODES = listing("/api/notifications/access-codes", schemas.AccessCode)
CREATE_ACCESS_CODE = creating("/api/notifications/access-codes", bodies.AccessCodeBody)
UPDATE_ACCESS_CODE = replacing("/api/notifications/access-codes/{id}", bodies.AccessCodeBody)
DELETE_ACCESS_CODE = deleting("/api/notifications/access-codes/{id}")

LIST_AUDIT_ENTRIES = listing(
    "/api/audit",
    schemas.AuditEntry,
    entidad=containing("entidad"),
    accion=containing("accion"),
    fecha_desde=not_before("fecha_hora"),
    fecha_hasta=before("fecha_hora"),
    usuario_id=every_row("usuario_id"),
)
GET_AUDIT_STATS = reading("/api/audit/stats", schemas.AuditStats)


def _all_endpoints() -> tuple[Endpoint[Any], ...]:
    named = [value for value in globals().values() if isinstance(value, Endpoint)]
    return (*named, *(route for catalog in CATALOGS for route in catalog))


ENDPOINTS = _all_endpoints()
