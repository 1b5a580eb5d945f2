"""Notifications that went to a user, about an appointment or not."""

from flask import Blueprint, Response

from sandbox.answers import answer
from sandbox.filters import contains
from sandbox.lists import Listing, page
from sandbox.postgres_times import timestamp, timestamp_or_now
from sandbox.postgres_types import integer, text, varchar
from sandbox.writes import Record, create, remove, replace

blueprint = Blueprint("notifications", __name__)

NOTIFICATIONS = Listing(
    columns="""
        n.id, n.mensaje, n.canal, n.fecha_envio, n.estado, u.username AS usuario, n.id_cita AS cita_id,
        n.id_usuario, n.id_cita
    """,
    table="notificacion n",
    joins="LEFT JOIN usuario u ON u.id = n.id_usuario",
    order="n.fecha_envio DESC, n.id DESC",
    search=(contains("n.estado"), contains("n.canal")),
    own="n.id_usuario IN (SELECT usuario_id FROM paciente WHERE id IN ?)",
)
_FIELDS = {"id_usuario": integer, "id_cita": integer, "mensaje": text, "canal": varchar(50), "estado": varchar(50)}
NOTIFICATION = Record(
    table="notificacion",
    entity="NOTIFICACION",
    title="Notification",
    required=("mensaje", "canal"),
    required_text="mensaje and canal are required",
    created={**_FIELDS, "fecha_envio": timestamp_or_now},
    replaced={**_FIELDS, "fecha_envio": timestamp},
)


@blueprint.get("/api/notifications")
def list_notifications() -> Response:
    return answer(page(NOTIFICATIONS))


@blueprint.post("/api/notifications")
def create_notification() -> Response:
    return create(NOTIFICATION)


@blueprint.put("/api/notifications/<id>")
def update_notification(id: str) -> Response:
    return replace(NOTIFICATION, id)


@blueprint.delete("/api/notifications/<id>")
def delete_notification(id: str) -> Response:
    return remove(NOTIFICATION, id)
