"""PostgreSQL's words when a constraint refuses a write, or when a table is missing."""

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from sandbox.error_answers import ApiError


class Reader(Protocol):
    """What has to be asked to name the row that a constraint is about."""

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]: ...
    def row(self, sql: str, values: Sequence[Any] = ()) -> dict[str, Any] | None: ...
    def value(self, sql: str, values: Sequence[Any] = ()) -> Any: ...


@contextmanager
def missing_tables_in_postgres_words() -> Iterator[None]:
    """A statement within that needs a table which is not there becomes the API's answer to it."""
    try:
        yield
    except sqlite3.OperationalError as refused:
        missing = re.fullmatch(r"no such table: (?:main\.)?(\w+)", str(refused))
        if missing is None:
            raise
        raise ApiError(500, f'relation "{missing[1]}" does not exist') from refused


def in_postgres_words(database: Reader, message: str, table: str, row: Mapping[str, Any]) -> ApiError:
    """What the API answers when SQLite refuses, with `message`, to write the `row`."""
    named = re.search(r"(UNIQUE|NOT NULL) constraint failed: \w+\.(\w+)", message)
    if named is None:
        detail = _missing_parent(database, table, row) or _remaining_child(database, table, row)
        return ApiError(400, "Foreign key constraint violation", detail)
    column = named[2]
    if named[1] == "UNIQUE":
        return ApiError(409, "Duplicate entry", f"Key ({column})=({row[column]}) already exists.")
    return ApiError(400, "Required field missing", _failing_row(database, table, row))


def _failing_row(database: Reader, table: str, row: Mapping[str, Any]) -> str:
    """The whole row as the write would have left it."""
    before = database.row(f"SELECT * FROM {table} WHERE id = ?", (row["id"],)) or {}
    columns = [column["name"] for column in database.rows(f"PRAGMA table_info({table})")]
    values = [{**before, **row}.get(column) for column in columns]
    return f"Failing row contains ({', '.join('null' if value is None else str(value) for value in values)})."


def _missing_parent(database: Reader, table: str, row: Mapping[str, Any]) -> str | None:
    references = database.rows(f"PRAGMA foreign_key_list({table})")
    for reference in reversed(references):  # SQLite lists the last one first
        column, parent = reference["from"], reference["table"]
        key = row.get(column)
        if key is not None and database.value(f"SELECT 1 FROM {parent} WHERE id = ?", (key,)) is None:
            return f'Key ({column})=({key}) is not present in table "{parent}".'
    return None


def _remaining_child(database: Reader, table: str, row: Mapping[str, Any]) -> str | None:
    """A consultation is the one thing that holds on to a person: directly, or through the user's record."""
    people = [(table, row["id"])]
    if table == "usuario":
        people = [
            (person, database.value(f"SELECT id FROM {person} WHERE usuario_id = ?", (row["id"],)))
            for person in ("paciente", "medico")
        ]
    for person, key in people:
        held = f"SELECT 1 FROM consulta WHERE id_{person} = ?"
        if person in ("paciente", "medico") and database.value(held, (key,)) is not None:
            return f'Key (id)=({key}) is still referenced from table "consulta".'
    return None
