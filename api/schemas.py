"""What the API answers, as typed structs: a missing field or a wrong type is a failed request.

Field names are the API's own Spanish. Numbers that PostgreSQL counts or stores as NUMERIC arrive as strings; times
are ISO 8601 and decoded to aware datetimes. Unknown extra fields are accepted: a newer API may add some.
"""

from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec

Row = TypeVar("Row")


class Schema(msgspec.Struct, frozen=True, gc=False):
    """Base of every answer; not tracked by the garbage collector, since answers hold no cycles."""


class Pagination(Schema, frozen=True):
    total: int
    limit: int
    offset: int


class Page(Schema, Generic[Row], frozen=True):
    """A list answer with its `pagination`."""

    data: list[Row]
    pagination: Pagination


class Rows(Schema, Generic[Row], frozen=True):
    """A list answer that the API sends whole, without `pagination`."""

    data: list[Row]


class Refusal(Schema, frozen=True):
    """Every error: a message, sometimes with the database's own detail."""

    error: str
    detail: str | None = None


class Done(Schema, frozen=True):
    """The answer to a delete, and to a password change."""

    message: str


class Written(Schema, frozen=True):
    """The answer to a create or an update: the record's id."""

    id: int
    message: str


class FileWritten(Schema, frozen=True):
    """A created file comes with the association that ties it to a person."""

    id: int
    association_id: int
    message: str


class SignedInUser(Schema, frozen=True):
    id: int
    username: str
    email: str
    role: str


class SignedIn(Schema, frozen=True):
    token: str
    user: SignedInUser


class WhoAmI(Schema, frozen=True):
    id: int
    username: str
    email: str
    phone: str | None
    role: str


class Memory(Schema, frozen=True):
    used: float
    total: float
    unit: str


class Services(Schema, frozen=True):
    api: str
    database: str
    memory: Memory


class Health(Schema, frozen=True):
    status: str
    timestamp: datetime
    uptime: float
    environment: str
    version: str
    services: Services


class Database(Schema, frozen=True):
    status: str
    responseTime: str
    version: str
    currentTime: datetime


class DatabaseHealth(Schema, frozen=True):
    status: str
    timestamp: datetime
    database: Database


class ApiStatus(Schema, frozen=True):
    status: str
    endpoints: dict[str, str]


class ApiHealth(Schema, frozen=True):
    status: str
    timestamp: datetime
    api: ApiStatus


class SystemHealth(Schema, frozen=True):
    status: str
    timestamp: datetime
    uptime: float
    responseTime: str
    environment: str
    version: str
    services: Services
    errors: list[str] | None


class Kpis(Schema, frozen=True):
    totalConsultas: int
    totalPacientes: int
    totalMedicos: int


class StateShare(Schema, frozen=True):
    estado: str
    total: str


class EntityShare(Schema, frozen=True):
    entidad: str
    total: str


class MonthTotal(Schema, frozen=True):
    mes: str
    total: str


class DoctorTotal(Schema, frozen=True):
    medico: str
    total: str


class Charts(Schema, frozen=True):
    consultasPorEstado: list[StateShare]
    actividadPorEntidad: list[EntityShare]
    crecimientoConsultas: list[MonthTotal]
    topMedicos: list[DoctorTotal]


class Dashboard(Schema, frozen=True):
    kpis: Kpis
    charts: Charts


class CatalogEntry(Schema, frozen=True):
    id: int
    nombre: str


class BloodType(Schema, frozen=True):
    id: int
    tipo: str


class User(Schema, frozen=True):
    id: int
    username: str
    correo: str
    telefono: str | None
    rol_id: int
    rol_nombre: str


class Patient(Schema, frozen=True):
    id: int
    nombre: str
    username: str
    correo: str | None
    telefono: str | None
    fecha_nacimiento: datetime | None
    sexo: str | None
    altura: str | None
    peso: str | None
    estilo_vida: str | None
    alergias: str | None
    tipo_sangre: str | None
    ocupacion: str | None
    estado_civil: str | None
    medico_gen_id: int | None
    medico_gen: str | None
    usuario_id: int
    direccion: str | None
    nss: str | None
    id_tipo_sangre: int | None
    id_ocupacion: int | None
    id_estado_civil: int | None
    id_medico_gen: int | None
    foto_perfil: str | None


class Address(Schema, frozen=True):
    id: int
    calle: str
    numero_ext: str | None
    numero_int: str | None
    colonia: str
    codigo_postal: str
    id_colonia: int
    ciudad: str
    estado: str
    pais: str


class Doctor(Schema, frozen=True):
    id: int
    nombre: str
    username: str
    correo: str | None
    telefono: str | None
    cedula: str
    descripcion: str | None
    ubicacion: str | None
    especialidad: str | None
    id_especialidad: int | None
    usuario_id: int
    foto_perfil: str | None


class Appointment(Schema, frozen=True):
    id: int
    fecha_inicio: datetime
    fecha_fin: datetime | None
    estado: str | None
    tipo: str | None
    paciente_id: int
    paciente: str
    medico_id: int
    medico: str
    id_estado_cita: int | None
    id_tipo_cita: int | None


class Consultation(Schema, frozen=True):
    id: int
    fecha_hora: datetime | None
    cita_id: int
    narrativa: str | None
    diagnostico_final: str | None
    id_episodio: int | None
    id_estado_consulta: int | None
    mongo_consulta_id: str | None
    id_paciente: int
    id_medico: int
    estado_consulta: str | None
    paciente: str
    medico: str


class Episode(Schema, frozen=True):
    id: int
    id_paciente: int
    fecha_inicio: datetime
    fecha_fin: datetime | None
    motivo: str | None
    paciente: str


class File(Schema, frozen=True):
    id: int
    tipo: str
    url: str
    hash_integridad: str | None
    creado_en: datetime
    asociacion_id: int | None
    entidad: str | None
    entidad_id: int | None
    asociacion_descripcion: str | None
    asociacion_fecha: datetime | None
    autor_username: str | None
    entidad_nombre: str | None


class Association(Schema, frozen=True):
    id: int
    entidad: str
    entidad_id: int
    descripcion: str | None
    autor_id: int | None
    autor: str | None
    fecha_creacion: datetime
    archivo_id: int
    archivo_url: str
    archivo_tipo: str


class Insurer(Schema, frozen=True):
    id: int
    nombre: str
    rfc: str | None
    telefono: str | None
    correo: str | None


class Policy(Schema, frozen=True):
    """`paciente` is the patient's user name, not the person's name."""

    id: int
    numero_poliza: str
    vigente_desde: datetime | None
    vigente_hasta: datetime | None
    aseguradora: str
    paciente_id: int
    paciente: str
    id_aseguradora: int
    id_paciente: int


class Notification(Schema, frozen=True):
    id: int
    mensaje: str
    canal: str
    fecha_envio: datetime | None
    estado: str | None
    usuario: str | None
    cita_id: int | None
    id_usuario: int | None
    id_cita: int | None


class AccessCode(Schema, frozen=True):
    id: int
    codigo: str
    expira_en: datetime | None
    usado_en: datetime | None
    estado: str | None
    usuario: str | None
    id_estado_codigo: int | None
    id_usuario: int | None


class AuditEntry(Schema, frozen=True):
    id: int
    usuario_id: int | None
    username: str | None
    accion: str
    entidad: str
    entidad_id: int | None
    fecha_hora: datetime
    detalle: Any


class EntityCount(Schema, frozen=True):
    entidad: str
    count: str


class ActionCount(Schema, frozen=True):
    accion: str
    count: str


class AuditStats(Schema, frozen=True):
    entityStats: list[EntityCount]
    actionStats: list[ActionCount]
