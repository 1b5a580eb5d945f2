"""Patients: the records behind accounts with the patient's role."""

from flask import Blueprint, Response

from sandbox.answers import answer
from sandbox.filters import among, contains
from sandbox.lists import Listing, one_row, page
from sandbox.postgres_times import date
from sandbox.postgres_types import integer, numeric, text, varchar
from sandbox.writes import Record, create, remove, replace

blueprint = Blueprint("patients", __name__)

PATIENTS = Listing(
    columns="""
        p.id, p.nombre, u.username, COALESCE(u.correo, p.correo) AS correo,
        COALESCE(u.telefono, p.telefono) AS telefono, p.fecha_nacimiento, p.sexo, p.altura, p.peso,
        p.estilo_vida, p.alergias, t.tipo AS tipo_sangre, o.nombre AS ocupacion,
        c.nombre AS estado_civil, p.id_medico_gen AS medico_gen_id, m.nombre AS medico_gen,
        p.usuario_id, p.direccion, p.nss, p.id_tipo_sangre, p.id_ocupacion, p.id_estado_civil,
        p.id_medico_gen, p.foto_perfil
    """,
    table="paciente p",
    joins="""
        JOIN usuario u ON u.id = p.usuario_id
        LEFT JOIN tipo_sangre t ON t.id = p.id_tipo_sangre
        LEFT JOIN ocupacion o ON o.id = p.id_ocupacion
        LEFT JOIN estado_civil c ON c.id = p.id_estado_civil
        LEFT JOIN medico m ON m.id = p.id_medico_gen
    """,
    order="p.id DESC",
    search=(
        among("p.usuario_id", "usuario", "username"),
        contains("p.nombre"),
        among("p.usuario_id", "usuario", "correo"),
    ),
    own="p.id IN ?",
)
_REPLACED = {
    "nombre": varchar(200),
    "fecha_nacimiento": date,
    "sexo": varchar(10),
    "altura": numeric,
    "peso": numeric,
    "estilo_vida": varchar(100),
    "alergias": text,
    "id_tipo_sangre": integer,
    "id_ocupacion": integer,
    "id_estado_civil": integer,
    "id_medico_gen": integer,
    "telefono": varchar(20),
    "correo": varchar(150),
    "direccion": text,
    "nss": varchar(50),
    "foto_perfil": text,
}
PATIENT = Record(
    table="paciente",
    entity="PACIENTE",
    title="Patient",
    required=("usuario_id", "nombre"),
    required_text="usuario_id and nombre are required",
    created={"usuario_id": integer, **_REPLACED},
    replaced=_REPLACED,
)


@blueprint.get("/api/patients")
def list_patients() -> Response:
    return answer(page(PATIENTS))


@blueprint.post("/api/patients")
def create_patient() -> Response:
    return create(PATIENT)


@blueprint.get("/api/patients/<id>")
def get_patient(id: str) -> Response:
    return answer(one_row(PATIENTS, id, PATIENT.missing))


@blueprint.put("/api/patients/<id>")
def update_patient(id: str) -> Response:
    return replace(PATIENT, id)


@blueprint.delete("/api/patients/<id>")
def delete_patient(id: str) -> Response:
    return remove(PATIENT, id)
