"""Consultations (consultas): what happened at an appointment."""

from flask import Blueprint, Response

from sandbox.answers import answer
from sandbox.filters import Filter
from sandbox.lists import Listing, page
from sandbox.postgres_times import timestamp, timestamp_or_now, timestamptz
from sandbox.postgres_types import integer, text
from sandbox.writes import Record, create, remove, replace

blueprint = Blueprint("consultations", __name__)

CONSULTATIONS = Listing(
    columns="""
        c.id, c.fecha_hora, c.cita_id, c.narrativa, c.diagnostico_final, c.id_episodio,
        c.id_estado_consulta, c.mongo_consulta_id, c.id_paciente, c.id_medico,
        e.nombre AS estado_consulta, p.nombre AS paciente, m.nombre AS medico
    """,
    table="consulta c",
    joins="""
        LEFT JOIN estado_consulta e ON e.id = c.id_estado_consulta
        LEFT JOIN paciente p ON p.id = c.id_paciente
        LEFT JOIN medico m ON m.id = c.id_medico
    """,
    order="c.fecha_hora DESC, c.id DESC",
    filters={
        "fecha_desde": Filter("c.fecha_hora >= ?", timestamptz),
        "fecha_hasta": Filter("c.fecha_hora < ?", timestamptz),
        "id_estado_consulta": Filter("c.id_estado_consulta = ?"),
        "medico_id": Filter("c.id_medico = ?"),
        "paciente_id": Filter("c.id_paciente = ?"),
    },
    own="c.id_paciente IN ?",
)
_REPLACED = {
    "id_estado_consulta": integer,
    "id_episodio": integer,
    "fecha_hora": timestamp,
    "narrativa": text,
    "diagnostico_final": text,
    "mongo_consulta_id": text,
}
# Whose consultation it is stays as it was created: a PUT takes no cita_id, id_paciente or id_medico.
CONSULTATION = Record(
    table="consulta",
    entity="CONSULTA",
    title="Consultation",
    required=("cita_id", "id_paciente", "id_medico"),
    required_text="cita_id, id_paciente, and id_medico are required",
    created={
        "cita_id": integer,
        "id_paciente": integer,
        "id_medico": integer,
        **_REPLACED,
        "fecha_hora": timestamp_or_now,
    },
    replaced=_REPLACED,
)


@blueprint.get("/api/appointments/consultas")
def list_consultations() -> Response:
    return answer(page(CONSULTATIONS))


@blueprint.post("/api/appointments/consultas")
def create_consultation() -> Response:
    return create(CONSULTATION)


@blueprint.put("/api/appointments/consultas/<id>")
def update_consultation(id: str) -> Response:
    return replace(CONSULTATION, id)


@blueprint.delete("/api/appointments/consultas/<id>")
def delete_consultation(id: str) -> Response:
    return remove(CONSULTATION, id)
