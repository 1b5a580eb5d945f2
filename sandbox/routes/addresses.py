"""A patient's addresses, in a neighbourhood (colonia) of a city, a state and a country."""

from flask import Blueprint, Response

from sandbox.answers import answer
from sandbox.db import clinic
from sandbox.postgres_types import identifier, integer, varchar
from sandbox.writes import Record, create, remove, replace

blueprint = Blueprint("addresses", __name__)

_OF_PATIENT = """
SELECT d.id, d.calle, d.numero_ext, d.numero_int, n.nombre AS colonia, n.codigo_postal, d.id_colonia,
       c.nombre AS ciudad, e.nombre AS estado, p.nombre AS pais
FROM direccion_paciente d
JOIN colonia n ON n.id = d.id_colonia
JOIN ciudad c ON c.id = n.id_ciudad
JOIN estado e ON e.id = c.id_estado
JOIN pais p ON p.id = e.id_pais
WHERE d.paciente_id = ? ORDER BY d.id
"""
_FIELDS = {"calle": varchar(200), "numero_ext": varchar(30), "numero_int": varchar(30), "id_colonia": integer}
ADDRESS = Record(
    table="direccion_paciente",
    entity="DIRECCION_PACIENTE",
    title="Address",
    required=("calle", "id_colonia"),
    required_text="calle and id_colonia are required",
    created=_FIELDS,
    replaced=_FIELDS,
)


@blueprint.get("/api/patients/<id>/addresses")
def list_addresses(id: str) -> Response:
    return answer({"data": clinic().rows(_OF_PATIENT, (identifier(id),))})


@blueprint.post("/api/patients/<id>/addresses")
def create_address(id: str) -> Response:
    return create(ADDRESS, paciente_id=identifier(id))


@blueprint.put("/api/patients/<id>/addresses/<address_id>")
def update_address(id: str, address_id: str) -> Response:
    return replace(ADDRESS, address_id, paciente_id=identifier(id))


@blueprint.delete("/api/patients/<id>/addresses/<address_id>")
def delete_address(id: str, address_id: str) -> Response:
    return remove(ADDRESS, address_id, paciente_id=identifier(id))
