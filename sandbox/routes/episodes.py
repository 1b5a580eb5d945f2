"""Episodes (episodios): what a patient suffers from, over several consultations."""

from flask import Blueprint, Response

from sandbox.answers import answer
from sandbox.filters import Filter
from sandbox.lists import Listing, uncounted_page
from sandbox.postgres_times import timestamp_or_now
from sandbox.postgres_types import integer, text
from sandbox.server_times import now
from sandbox.writes import Record, change, create, remove

blueprint = Blueprint("episodes", __name__)

EPISODES = Listing(
    columns="e.id, e.id_paciente, e.fecha_inicio, e.fecha_fin, e.motivo, p.nombre AS paciente",
    table="episodio e",
    joins="LEFT JOIN paciente p ON p.id = e.id_paciente",
    order="COALESCE(e.fecha_fin, e.fecha_inicio) DESC, e.id DESC",
    filters={"paciente_id": Filter("e.id_paciente = ?")},
    own="e.id_paciente IN ?",
)
EPISODE = Record(
    table="episodio",
    entity="EPISODIO",
    title="Episode",
    required=("id_paciente",),
    required_text="id_paciente is required",
    created={"id_paciente": integer, "motivo": text, "fecha_inicio": timestamp_or_now},
    replaced={},
)


@blueprint.get("/api/appointments/episodios")
def list_episodes() -> Response:
    return answer(uncounted_page(EPISODES))


@blueprint.post("/api/appointments/episodios")
def create_episode() -> Response:
    return create(EPISODE)


@blueprint.patch("/api/appointments/episodios/<id>/close")
def close_episode(id: str) -> Response:
    return change(EPISODE, id, {"fecha_fin": now()}, "closed")


@blueprint.delete("/api/appointments/episodios/<id>")
def delete_episode(id: str) -> Response:
    return remove(EPISODE, id)
