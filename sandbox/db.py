"""What the routes ask of a database, whichever engine it is. Their SQL is one text for all, in SQLite's words."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from importlib.resources import files
from typing import Any

from flask import Flask, current_app

Row = dict[str, Any]
Values = Sequence[Any]
AMONG = "IN (SELECT value FROM json_each(?))"
"""The condition, with one `?`, that a column is one of `Database.ids`."""
_EXTENSION = "cms-database"


class Database(ABC):
    """One open clinic. Its SQL has a `?` for each value; what it refuses is an ApiError in PostgreSQL's words."""

    @abstractmethod
    def create_tables(self) -> None: ...

    @abstractmethod
    def create_indexes(self) -> None:
        """Makes the lists fast; best called when the tables are full. Tables that are not there are passed over."""

    @abstractmethod
    def version(self) -> str:
        """The engine and its version: `SQLite 3.40.1`."""

    @abstractmethod
    def tables(self) -> list[str]: ...

    @abstractmethod
    def references(self, table: str) -> list[str]:
        """The table's columns that hold the id of another row."""

    @abstractmethod
    def close(self) -> None: ...

    @abstractmethod
    def rows(self, sql: str, values: Values = ()) -> list[Row]: ...

    @abstractmethod
    def row(self, sql: str, values: Values = ()) -> Row | None: ...

    @abstractmethod
    def column(self, sql: str, values: Values = ()) -> list[Any]:
        """The first column of all rows."""

    def value(self, sql: str, values: Values = ()) -> Any:
        """The first column of the first row, or None."""
        found = self.row(sql, values)
        return None if found is None else next(iter(found.values()))

    @abstractmethod
    def execute(self, sql: str) -> None:
        """Runs one statement, without values, whose result does not matter."""

    @abstractmethod
    def ids(self, ids: Sequence[int]) -> Any:
        """As the one value of AMONG."""

    @abstractmethod
    def transaction(self) -> AbstractContextManager[None]:
        """All of it or nothing. Ids taken inside stay taken."""

    @abstractmethod
    def unchecked_references(self) -> AbstractContextManager[None]:
        """A transaction in which foreign keys are neither checked nor followed."""

    @abstractmethod
    def drop_unique(self, table: str) -> None:
        """No column of the table is UNIQUE any more, but for its id; its indexes stay."""

    @abstractmethod
    def start_sequence(self, table: str, last: int) -> None:
        """The next id that the table gives out is the one after `last`, whatever rows it has."""

    @abstractmethod
    def insert_many(self, table: str, columns: Sequence[str], rows: Iterable[Values]) -> None:
        """Adds rows that bring their ids along."""

    @abstractmethod
    def insert(self, table: str, fields: Mapping[str, Any]) -> int:
        """Adds a row and returns its id, which is spent even when the insert is refused."""

    def update(self, table: str, key: Mapping[str, int], fields: Mapping[str, Any]) -> bool:
        """Overwrites the fields of the row with that key (`id`, perhaps more); False when there is none."""
        assignments = ", ".join(f"{name} = ?" for name in fields)
        sql = f"UPDATE {table} SET {assignments} WHERE {_matching(key)}"
        return self.write(table, sql, {**fields, **key}) > 0

    def delete(self, table: str, key: Mapping[str, int]) -> bool:
        """Removes the row with what hangs on it; False when there is no such row."""
        return self.write(table, f"DELETE FROM {table} WHERE {_matching(key)}", key) > 0

    @abstractmethod
    def write(self, table: str, sql: str, row: Mapping[str, Any]) -> int:
        """Runs a statement that changes rows of the table; returns how many. The values of `row` fill it in."""


def read_script(name: str) -> str:
    """The text of one of the SQL files beside this one."""
    return files("sandbox").joinpath(name).read_text("utf-8")


def _matching(key: Mapping[str, int]) -> str:
    return " AND ".join(f"{name} = ?" for name in key)


def attach_database(app: Flask, database: Database) -> None:
    app.extensions[_EXTENSION] = database


def clinic() -> Database:
    """The database of the app that serves this request."""
    database: Database = current_app.extensions[_EXTENSION]
    return database
