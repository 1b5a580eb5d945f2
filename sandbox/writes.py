"""What every write has in common: required fields, the columns it sets, its message and its audit row."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, g

from sandbox.answers import answer
from sandbox.db import clinic
from sandbox.error_answers import ApiError
from sandbox.javascript import is_truthy
from sandbox.postgres_types import Column, identifier
from sandbox.server_times import now


@dataclass(frozen=True)
class Record:
    """A kind of row that can be written. `created` and `replaced` are the fields each write takes."""

    table: str
    entity: str
    title: str
    required: tuple[str, ...]
    required_text: str
    created: Mapping[str, Column]
    replaced: Mapping[str, Column]

    @property
    def missing(self) -> str:
        return f"{self.title or 'Record'} not found"

    def done(self, verb: str) -> str:
        """`Patient created successfully`; catalogs have no title and say `Created successfully`."""
        return f"{self.title} {verb} successfully" if self.title else f"{verb.capitalize()} successfully"


def body() -> Mapping[str, Any]:
    """The request's JSON object. A list has none of the fields that are asked for: it counts as an empty one."""
    return g.body if isinstance(g.body, dict) else {}


def read_fields(sent: Mapping[str, Any], columns: Mapping[str, Column]) -> dict[str, Any]:
    """The columns' values out of what was sent; a field left out, empty, 0 or false becomes null (`value || null`)."""
    given = {name: value for name, value in sent.items() if is_truthy(value)}
    return {name: read(given.get(name)) for name, read in columns.items()}


def require(sent: Mapping[str, Any], record: Record) -> None:
    """400 when a required field is missing, null, empty or 0: the API takes them all for missing."""
    if not all(is_truthy(sent.get(name)) for name in record.required):
        raise ApiError(400, record.required_text)


def create(record: Record, **given: Any) -> Response:
    """Adds a row from the request's body; `given` columns come from elsewhere."""
    sent = body()
    require(sent, record)
    fields = {**read_fields(sent, record.created), **given}
    with clinic().transaction():
        new_id = clinic().insert(record.table, fields)
        audit("CREATE", record.entity, new_id)
    return answer({"id": new_id, "message": record.done("created")}, 201)


def replace(record: Record, row_id: str, **also: int) -> Response:
    """Overwrites a row with the request's body; `also` are further columns that the row must match."""
    return change(record, row_id, read_fields(body(), record.replaced), "updated", **also)


def change(record: Record, row_id: str, fields: Mapping[str, Any], verb: str, **also: int) -> Response:
    """Sets the given columns of one row; 404 when there is no such row."""
    key = {"id": identifier(row_id), **also}
    with clinic().transaction():
        if not clinic().update(record.table, key, fields):
            raise ApiError(404, record.missing)
        audit("UPDATE", record.entity, key["id"])
    return answer({"id": key["id"], "message": record.done(verb)})


def remove(record: Record, row_id: str, **also: int) -> Response:
    """Deletes a row. An unknown id is fine with the API, and even leaves its audit row."""
    key = {"id": identifier(row_id), **also}
    with clinic().transaction():
        clinic().delete(record.table, key)
        audit("DELETE", record.entity, key["id"])
    return answer({"message": record.done("deleted")})


def audit(action: str, entity: str, entity_id: int) -> None:
    """The trail of who wrote what; the author is null when the token's user is gone."""
    author = clinic().value("SELECT id FROM usuario WHERE id = ?", (g.caller.id,))
    row = {"usuario_id": author, "accion": action, "entidad": entity, "entidad_id": entity_id}
    clinic().insert("auditoria", {**row, "fecha_hora": now(), "detalle": None})
