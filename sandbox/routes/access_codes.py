"""Access codes: one-time codes handed to a user."""

from flask import Blueprint, Response

from sandbox.answers import answer
from sandbox.filters import among, contains
from sandbox.lists import Listing, page
from sandbox.postgres_times import timestamp
from sandbox.postgres_types import integer, varchar
from sandbox.writes import Record, create, remove, replace

blueprint = Blueprint("access_codes", __name__)

ACCESS_CODES = Listing(
    columns="""
        a.id, a.codigo, a.expira_en, a.usado_en, e.nombre AS estado, u.username AS usuario,
        a.id_estado_codigo, a.id_usuario
    """,
    table="acceso_codigo a",
    joins="""
        LEFT JOIN estado_codigo e ON e.id = a.id_estado_codigo
        LEFT JOIN usuario u ON u.id = a.id_usuario
    """,
    order="a.id DESC",
    search=(contains("a.codigo"), among("a.id_usuario", "usuario", "username")),
)
_FIELDS = {
    "codigo": varchar(100),
    "id_usuario": integer,
    "expira_en": timestamp,
    "usado_en": timestamp,
    "id_estado_codigo": integer,
}
ACCESS_CODE = Record(
    table="acceso_codigo",
    entity="ACCESO_CODIGO",
    title="Access code",
    required=("codigo",),
    required_text="codigo is required",
    created=_FIELDS,
    replaced=_FIELDS,
)


@blueprint.get("/api/notifications/access-codes")
def list_access_codes() -> Response:
    return answer(page(ACCESS_CODES))


@blueprint.post("/api/notifications/access-codes")
def create_access_code() -> Response:
    return create(ACCESS_CODE)


@blueprint.put("/api/notifications/access-codes/<id>")
def update_access_code(id: str) -> Response:
    return replace(ACCESS_CODE, id)


@blueprint.delete("/api/notifications/access-codes/<id>")
def delete_access_code(id: str) -> Response:
    return remove(ACCESS_CODE, id)
