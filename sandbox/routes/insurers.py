"""Insurance companies."""

from flask import Blueprint, Response

from sandbox.answers import answer
from sandbox.filters import contains
from sandbox.lists import Listing, one_row, page
from sandbox.postgres_types import varchar
from sandbox.writes import Record, create, remove, replace

blueprint = Blueprint("insurers", __name__)

INSURERS = Listing(
    columns="id, nombre, rfc, telefono, correo",
    table="aseguradora",
    order="id DESC",
    search=(contains("nombre"), contains("rfc")),
)
_FIELDS = {"nombre": varchar(100), "rfc": varchar(20), "telefono": varchar(20), "correo": varchar(100)}
INSURER = Record(
    table="aseguradora",
    entity="ASEGURADORA",
    title="Insurance company",
    required=("nombre",),
    required_text="nombre is required",
    created=_FIELDS,
    replaced=_FIELDS,
)


@blueprint.get("/api/insurance/companies")
def list_insurers() -> Response:
    return answer(page(INSURERS))


@blueprint.post("/api/insurance/companies")
def create_insurer() -> Response:
    return create(INSURER)


@blueprint.get("/api/insurance/companies/<id>")
def get_insurer(id: str) -> Response:
    return answer(one_row(INSURERS, id, INSURER.missing))


@blueprint.put("/api/insurance/companies/<id>")
def update_insurer(id: str) -> Response:
    return replace(INSURER, id)


@blueprint.delete("/api/insurance/companies/<id>")
def delete_insurer(id: str) -> Response:
    """Allowed although policies name it: they lose their insurer, and with it their place in every list."""
    return remove(INSURER, id)
