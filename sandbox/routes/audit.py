"""The audit trail: who wrote what, and when. Nothing here can be written."""

from flask import Blueprint, Response

from sandbox.answers import answer
from sandbox.db import clinic
from sandbox.filters import Filter, contains, substring
from sandbox.lists import Listing, page
from sandbox.postgres_times import timestamptz
from sandbox.postgres_types import integer

blueprint = Blueprint("audit", __name__)

AUDIT = Listing(
    columns="""
        a.id, a.usuario_id, u.username, a.accion, a.entidad, a.entidad_id, a.fecha_hora, a.detalle
    """,
    table="auditoria a",
    joins="LEFT JOIN usuario u ON u.id = a.usuario_id",
    order="a.fecha_hora DESC, a.id DESC",
    filters={
        "entidad": Filter(contains("a.entidad"), substring),
        "accion": Filter(contains("a.accion"), substring),
        "fecha_desde": Filter("a.fecha_hora >= ?", timestamptz),
        "fecha_hasta": Filter("a.fecha_hora < ?", timestamptz),
        "usuario_id": Filter("a.usuario_id = ?", integer),
    },
)
_BY_ENTITY = """
SELECT entidad, CAST(COUNT(*) AS TEXT) AS count FROM auditoria
GROUP BY entidad ORDER BY COUNT(*) DESC LIMIT 10
"""
_BY_ACTION = """
SELECT accion, CAST(COUNT(*) AS TEXT) AS count FROM auditoria GROUP BY accion ORDER BY COUNT(*) DESC
"""


@blueprint.get("/api/audit")
def list_audit() -> Response:
    return answer(page(AUDIT))


@blueprint.get("/api/audit/stats")
def get_audit_stats() -> Response:
    return answer({"entityStats": clinic().rows(_BY_ENTITY), "actionStats": clinic().rows(_BY_ACTION)})
