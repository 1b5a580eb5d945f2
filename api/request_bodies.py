"""What the routes that write take, as typed structs: the required fields, and how long a text may be.

A text that is longer, or a value of another type, is answered 500 with PostgreSQL's complaint. The lengths were read
off the errors of a running deployment. A field that is left out, empty, 0 or false becomes null; PUT replaces the
whole record.
"""

from datetime import date, datetime
from typing import Annotated

import msgspec

MAX_INTEGER = 2**31 - 1

RecordId = Annotated[int, msgspec.Meta(ge=1, le=MAX_INTEGER)]
Amount = Annotated[float, msgspec.Meta(ge=0, le=999.99)]
Text = Annotated[str, msgspec.Meta(min_length=1)]
Text10 = Annotated[str, msgspec.Meta(min_length=1, max_length=10)]
Text20 = Annotated[str, msgspec.Meta(min_length=1, max_length=20)]
Text30 = Annotated[str, msgspec.Meta(min_length=1, max_length=30)]
Text50 = Annotated[str, msgspec.Meta(min_length=1, max_length=50)]
Text100 = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Text150 = Annotated[str, msgspec.Meta(min_length=1, max_length=150)]
Text200 = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Text255 = Annotated[str, msgspec.Meta(min_length=1, max_length=255)]


class RequestBody(msgspec.Struct, frozen=True):
    """Base of every body; a field without a default is required."""


class Credentials(RequestBody, frozen=True, kw_only=True):
    username: Text
    password: Text


class NewPassword(RequestBody, frozen=True, kw_only=True):
    password: Text


class UserBody(RequestBody, frozen=True, kw_only=True):
    username: Text50
    correo: Text150
    telefono: Text20 | None = None
    rol_id: RecordId | None = None


class NewUser(UserBody, frozen=True, kw_only=True):
    """Without `rol_id` the account is a patient's."""

    password: Text


class PatientBody(RequestBody, frozen=True, kw_only=True):
    nombre: Text200
    fecha_nacimiento: date | None = None
    sexo: Text10 | None = None
    altura: Amount | None = None
    peso: Amount | None = None
    estilo_vida: Text100 | None = None
    alergias: Text | None = None
    id_tipo_sangre: RecordId | None = None
    id_ocupacion: RecordId | None = None
    id_estado_civil: RecordId | None = None
    id_medico_gen: RecordId | None = None
    telefono: Text20 | None = None
    correo: Text150 | None = None
    direccion: Text | None = None
    nss: Text50 | None = None
    foto_perfil: Text | None = None


class NewPatient(PatientBody, frozen=True, kw_only=True):
    usuario_id: RecordId


class DoctorBody(RequestBody, frozen=True, kw_only=True):
    nombre: Text200
    cedula: Text50
    descripcion: Text | None = None
    id_especialidad: RecordId | None = None
    telefono: Text20 | None = None
    correo: Text150 | None = None
    ubicacion: Text | None = None
    foto_perfil: Text | None = None


class NewDoctor(DoctorBody, frozen=True, kw_only=True):
    usuario_id: RecordId


class AddressBody(RequestBody, frozen=True, kw_only=True):
    calle: Text200
    id_colonia: RecordId
    numero_ext: Text30 | None = None
    numero_int: Text30 | None = None


class AppointmentBody(RequestBody, frozen=True, kw_only=True):
    paciente_id: RecordId
    medico_id: RecordId
    fecha_inicio: datetime
    fecha_fin: datetime | None = None
    id_estado_cita: RecordId | None = None
    id_tipo_cita: RecordId | None = None


class ConsultationBody(RequestBody, frozen=True, kw_only=True):
    id_estado_consulta: RecordId | None = None
    id_episodio: RecordId | None = None
    fecha_hora: datetime | None = None
    narrativa: Text | None = None
    diagnostico_final: Text | None = None
    mongo_consulta_id: Text | None = None


class NewConsultation(ConsultationBody, frozen=True, kw_only=True):
    """Whose consultation it is stays as it was created."""

    cita_id: RecordId
    id_paciente: RecordId
    id_medico: RecordId


class NewEpisode(RequestBody, frozen=True, kw_only=True):
    id_paciente: RecordId
    motivo: Text | None = None
    fecha_inicio: datetime | None = None


class FileBody(RequestBody, frozen=True, kw_only=True):
    tipo: Text50
    url: Text
    hash_integridad: Text255 | None = None


class NewFile(FileBody, frozen=True, kw_only=True):
    """With an `entidad`, the file is associated with a person."""

    entidad: Text50 | None = None
    entidad_id: RecordId | None = None
    descripcion: Text | None = None


class InsurerBody(RequestBody, frozen=True, kw_only=True):
    nombre: Text100
    rfc: Text20 | None = None
    telefono: Text20 | None = None
    correo: Text100 | None = None


class PolicyBody(RequestBody, frozen=True, kw_only=True):
    id_paciente: RecordId
    id_aseguradora: RecordId
    numero_poliza: Text50
    vigente_desde: date | None = None
    vigente_hasta: date | None = None


class NotificationBody(RequestBody, frozen=True, kw_only=True):
    mensaje: Text
    canal: Text50
    id_usuario: RecordId | None = None
    id_cita: RecordId | None = None
    fecha_envio: datetime | None = None
    estado: Text50 | None = None


class AccessCodeBody(RequestBody, frozen=True, kw_only=True):
    codigo: Text100
    id_usuario: RecordId | None = None
    expira_en: datetime | None = None
    usado_en: datetime | None = None
    id_estado_codigo: RecordId | None = None


class CatalogBody(RequestBody, frozen=True, kw_only=True):
    nombre: Text50


class LongNameBody(RequestBody, frozen=True, kw_only=True):
    nombre: Text100


class BloodTypeBody(RequestBody, frozen=True, kw_only=True):
    tipo: Text10
