"""The catalogs' routes: the same five for each of the eight."""

from functools import partial

from flask import Blueprint, Response

from sandbox.answers import answer
from sandbox.catalog_rows import CATALOGS, Catalog
from sandbox.filters import contains
from sandbox.lists import Listing, one_row, page
from sandbox.postgres_types import varchar
from sandbox.writes import Record, body, create, remove, replace, require

blueprint = Blueprint("catalogs", __name__)


def list_entries(listing: Listing) -> Response:
    return answer(page(listing))


def create_entry(record: Record) -> Response:
    return create(record)


def get_entry(listing: Listing, record: Record, id: str) -> Response:
    return answer(one_row(listing, id, record.missing))


def update_entry(record: Record, id: str) -> Response:
    require(body(), record)  # unlike the other updates, this one asks for its field
    return replace(record, id)


def delete_entry(record: Record, id: str) -> Response:
    return remove(record, id)


def _serve(catalog: Catalog) -> None:
    name = catalog.field
    listing = Listing(columns=f"id, {name}", table=catalog.table, order=name, search=(contains(name),))
    fields = {name: varchar(catalog.limit)}
    record = Record(catalog.table, catalog.entity, "", (name,), f"{name} is required", fields, fields)
    many, one = f"/api/catalogs/{catalog.path}", f"/api/catalogs/{catalog.path}/<id>"
    for method, path, view in (
        ("GET", many, partial(list_entries, listing)),
        ("POST", many, partial(create_entry, record)),
        ("GET", one, partial(get_entry, listing, record)),
        ("PUT", one, partial(update_entry, record)),
        ("DELETE", one, partial(delete_entry, record)),
    ):
        blueprint.add_url_rule(path, f"{view.func.__name__}:{catalog.path}", view, methods=[method])


for _catalog in CATALOGS:
    _serve(_catalog)
