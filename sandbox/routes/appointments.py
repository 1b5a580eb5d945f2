"""Appointments (citas) between a patient and a doctor."""

from flask import Blueprint, Response

from sandbox.answers import answer
from sandbox.filters import Filter
from sandbox.lists import Listing, page
from sandbox.postgres_times import timestamp, timestamptz
from sandbox.postgres_types import integer
from sandbox.writes import Record, create, remove, replace

blueprint = Blueprint("appointments", __name__)

APPOINTMENTS = Listing(
    columns="""
        c.id, c.fecha_inicio, c.fecha_fin, e.nombre AS estado, t.nombre AS tipo,
        c.paciente_id, p.nombre AS paciente, c.medico_id, m.nombre AS medico,
        c.id_estado_cita, c.id_tipo_cita
    """,
    table="cita c",
    joins="""
        LEFT JOIN paciente p ON p.id = c.paciente_id
        LEFT JOIN medico m ON m.id = c.medico_id
        LEFT JOIN estado_cita e ON e.id = c.id_estado_cita
        LEFT JOIN tipo_cita t ON t.id = c.id_tipo_cita
    """,
    order="c.fecha_inicio DESC, c.id DESC",
    filters={
        "fecha_desde": Filter("c.fecha_inicio >= ?", timestamptz),
        "fecha_hasta": Filter("c.fecha_inicio < ?", timestamptz),
        "id_estado_cita": Filter("c.id_estado_cita = ?"),
        "id_tipo_cita": Filter("c.id_tipo_cita = ?"),
        "medico_id": Filter("c.medico_id = ?"),
        "paciente_id": Filter("c.paciente_id = ?"),
    },
    own="c.paciente_id IN ?",
)
_FIELDS = {
    "paciente_id": integer,
    "medico_id": integer,
    "fecha_inicio": timestamp,
    "fecha_fin": timestamp,
    "id_estado_cita": integer,
    "id_tipo_cita": integer,
}
APPOINTMENT = Record(
    table="cita",
    entity="CITA",
    title="Appointment",
    required=("paciente_id", "medico_id", "fecha_inicio"),
    required_text="paciente_id, medico_id, and fecha_inicio are required",
    created=_FIELDS,
    replaced=_FIELDS,
)


@blueprint.get("/api/appointments/citas")
def list_appointments() -> Response:
    return answer(page(APPOINTMENTS))


@blueprint.post("/api/appointments/citas")
def create_appointment() -> Response:
    return create(APPOINTMENT)


@blueprint.put("/api/appointments/citas/<id>")
def update_appointment(id: str) -> Response:
    return replace(APPOINTMENT, id)


@blueprint.delete("/api/appointments/citas/<id>")
def delete_appointment(id: str) -> Response:
    return remove(APPOINTMENT, id)
