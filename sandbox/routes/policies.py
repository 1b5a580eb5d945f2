"""Insurance policies: which patient is insured where, and for how long."""

from flask import Blueprint, Response

from sandbox.answers import answer
from sandbox.filters import among, contains
from sandbox.lists import Listing, one_row, page
from sandbox.postgres_times import date
from sandbox.postgres_types import integer, varchar
from sandbox.writes import Record, create, remove, replace

blueprint = Blueprint("policies", __name__)

POLICIES = Listing(
    columns="""
        z.id, z.numero_poliza, z.vigente_desde, z.vigente_hasta, a.nombre AS aseguradora,
        z.id_paciente AS paciente_id, u.username AS paciente, z.id_aseguradora, z.id_paciente
    """,
    table="poliza z",
    joins="""
        JOIN aseguradora a ON a.id = z.id_aseguradora
        JOIN paciente p ON p.id = z.id_paciente
        JOIN usuario u ON u.id = p.usuario_id
    """,
    always="z.id_aseguradora IS NOT NULL AND z.id_paciente IS NOT NULL",
    order="z.id DESC",
    search=(
        f"z.id_paciente IN (SELECT id FROM paciente WHERE {among('usuario_id', 'usuario', 'username')})",
        contains("z.numero_poliza"),
    ),
    own="z.id_paciente IN ?",
)
_FIELDS = {
    "id_paciente": integer,
    "id_aseguradora": integer,
    "numero_poliza": varchar(50),
    "vigente_desde": date,
    "vigente_hasta": date,
}
POLICY = Record(
    table="poliza",
    entity="POLIZA",
    title="Policy",
    required=("id_paciente", "id_aseguradora", "numero_poliza"),
    required_text="id_paciente, id_aseguradora and numero_poliza are required",
    created=_FIELDS,
    replaced=_FIELDS,
)


@blueprint.get("/api/insurance/policies")
def list_policies() -> Response:
    return answer(page(POLICIES))


@blueprint.post("/api/insurance/policies")
def create_policy() -> Response:
    return create(POLICY)


@blueprint.get("/api/insurance/policies/<id>")
def get_policy(id: str) -> Response:
    return answer(one_row(POLICIES, id, POLICY.missing))


@blueprint.put("/api/insurance/policies/<id>")
def update_policy(id: str) -> Response:
    return replace(POLICY, id)


@blueprint.delete("/api/insurance/policies/<id>")
def delete_policy(id: str) -> Response:
    return remove(POLICY, id)
