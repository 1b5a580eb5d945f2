"""Doctors: the records behind accounts with the doctor's role."""

from flask import Blueprint, Response

from sandbox.answers import answer
from sandbox.filters import among, contains
from sandbox.lists import Listing, one_row, page
from sandbox.postgres_types import integer, text, varchar
from sandbox.writes import Record, create, remove, replace

blueprint = Blueprint("doctors", __name__)

DOCTORS = Listing(
    columns="""
        m.id, m.nombre, u.username, COALESCE(u.correo, m.correo) AS correo,
        COALESCE(u.telefono, m.telefono) AS telefono, m.cedula, m.descripcion, m.ubicacion,
        e.nombre AS especialidad, m.id_especialidad, m.usuario_id, m.foto_perfil
    """,
    table="medico m",
    joins="JOIN usuario u ON u.id = m.usuario_id LEFT JOIN especialidad e ON e.id = m.id_especialidad",
    order="m.id DESC",
    search=(among("m.usuario_id", "usuario", "username"), contains("m.nombre"), contains("m.cedula")),
)
_REPLACED = {
    "nombre": varchar(200),
    "cedula": varchar(50),
    "descripcion": text,
    "id_especialidad": integer,
    "telefono": varchar(20),
    "correo": varchar(150),
    "ubicacion": text,
    "foto_perfil": text,
}
DOCTOR = Record(
    table="medico",
    entity="MEDICO",
    title="Doctor",
    required=("usuario_id", "nombre", "cedula"),
    required_text="usuario_id, nombre and cedula are required",
    created={"usuario_id": integer, **_REPLACED},
    replaced=_REPLACED,
)


@blueprint.get("/api/doctors")
def list_doctors() -> Response:
    return answer(page(DOCTORS))


@blueprint.post("/api/doctors")
def create_doctor() -> Response:
    return create(DOCTOR)


@blueprint.get("/api/doctors/<id>")
def get_doctor(id: str) -> Response:
    return answer(one_row(DOCTORS, id, DOCTOR.missing))


@blueprint.put("/api/doctors/<id>")
def update_doctor(id: str) -> Response:
    return replace(DOCTOR, id)


@blueprint.delete("/api/doctors/<id>")
def delete_doctor(id: str) -> Response:
    return remove(DOCTOR, id)
