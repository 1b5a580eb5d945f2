"""The database: one SQLite connection, and PostgreSQL's id sequences."""

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from flask import Flask, current_app

from sandbox.constraints import in_postgres_words, missing_tables_in_postgres_words

Row = dict[str, Any]
_PRAGMAS = ("journal_mode = MEMORY", "synchronous = OFF", "temp_store = MEMORY", "foreign_keys = ON")
_EXTENSION = "cms-database"


class Database:
    """One open SQLite database. Not shared between threads: the server is one thread of greenlets."""

    def __init__(self, path: str | Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, cached_statements=512)
        self._connection.row_factory = _as_dict
        for pragma in _PRAGMAS:
            self._connection.execute(f"PRAGMA {pragma}")
        self._last_id: dict[str, int] = {}
        self._skipped = 0

    def create_tables(self) -> None:
        self._connection.executescript(_read_script("schema.sql"))

    def create_indexes(self) -> None:
        """Makes the lists fast; best called when the tables are full. Tables that are not there are passed over."""
        tables = self.tables()
        for statement in _read_script("indexes.sql").split(";"):
            indexed = re.search(r"CREATE INDEX \w+ ON (\w+)", statement)
            if indexed and indexed[1] in tables:
                self.execute(statement)

    def tables(self) -> list[str]:
        return [row["name"] for row in self.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]

    def close(self) -> None:
        self._connection.close()

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        with missing_tables_in_postgres_words():
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        with missing_tables_in_postgres_words():
            found: Row | None = self._connection.execute(sql, values).fetchone()
            return found

    def column(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Any]:
        """The first column of all rows."""
        cursor = self._connection.cursor()
        cursor.row_factory = None
        with missing_tables_in_postgres_words():
            return [value for (value,) in cursor.execute(sql, values)]

    def value(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """The first column of the first row, or None."""
        found = self.row(sql, values)
        return None if found is None else next(iter(found.values()))

    def execute(self, sql: str) -> None:
        """Runs one statement whose result does not matter."""
        self._connection.execute(sql)

    @contextmanager
    def unchecked_references(self) -> Iterator[None]:
        """Foreign keys are neither checked nor followed meanwhile. Not within a transaction."""
        self._connection.execute("PRAGMA foreign_keys = OFF")
        try:
            with self.transaction():
                yield
        finally:
            self._connection.execute("PRAGMA foreign_keys = ON")

    def drop_unique(self, table: str) -> None:
        """Rebuilds the table as SQLite's documentation has it, with no column UNIQUE any more; its indexes stay."""
        of_table = "SELECT sql FROM sqlite_schema WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type = 'index'"
        create, *indexes = (row["sql"] for row in self.rows(of_table, (table,)))
        with self.unchecked_references():
            self.execute(create.replace(" UNIQUE", "").replace(table, f"new_{table}", 1))
            self.execute(f"INSERT INTO new_{table} SELECT * FROM {table}")
            self.execute(f"DROP TABLE {table}")
            self.execute(f"ALTER TABLE new_{table} RENAME TO {table}")
            for index in indexes:
                self.execute(index)

    def start_sequence(self, table: str, last: int) -> None:
        """The next id that the table gives out is the one after `last`, whatever rows it has."""
        self._last_id[table] = last

    def skip_ids(self) -> None:
        """After a restart: PostgreSQL's sequences go on behind ids that are gone, and skip some besides."""
        self._skipped = 1000

    def insert_many(self, sql: str, rows: Iterator[Sequence[Any]]) -> None:
        self._connection.executemany(sql, rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing. Ids taken inside stay taken, as PostgreSQL's do."""
        self._connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def insert(self, table: str, fields: Mapping[str, Any]) -> int:
        """Adds a row and returns its id, which is spent even when the insert is refused."""
        new_id = self._next_id(table)
        row = {"id": new_id, **fields}
        holes = ", ".join("?" * len(row))
        self._write(table, f"INSERT INTO {table} ({', '.join(row)}) VALUES ({holes})", row)
        return new_id

    def update(self, table: str, key: Mapping[str, int], fields: Mapping[str, Any]) -> bool:
        """Overwrites the fields of the row with that key (`id`, perhaps more); False when there is none."""
        assignments = ", ".join(f"{name} = ?" for name in fields)
        sql = f"UPDATE {table} SET {assignments} WHERE {_matching(key)}"
        return self._write(table, sql, {**fields, **key}) > 0

    def delete(self, table: str, key: Mapping[str, int]) -> bool:
        """Removes the row with what hangs on it; False when there is no such row."""
        return self._write(table, f"DELETE FROM {table} WHERE {_matching(key)}", key) > 0

    def _write(self, table: str, sql: str, row: Mapping[str, Any]) -> int:
        try:
            with missing_tables_in_postgres_words():
                return self._connection.execute(sql, tuple(row.values())).rowcount
        except sqlite3.IntegrityError as refused:
            raise in_postgres_words(self, str(refused), table, row) from refused

    def _next_id(self, table: str) -> int:
        if table not in self._last_id:
            self._last_id[table] = self._skipped + self.value(f"SELECT COALESCE(MAX(id), 0) FROM {table}")
        self._last_id[table] += 1
        return self._last_id[table]


def _read_script(name: str) -> str:
    return files("sandbox").joinpath(name).read_text("utf-8")


def _matching(key: Mapping[str, int]) -> str:
    return " AND ".join(f"{name} = ?" for name in key)


def _as_dict(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> Row:
    return {column[0]: value for column, value in zip(cursor.description, values, strict=True)}


def attach_database(app: Flask, database: Database) -> None:
    app.extensions[_EXTENSION] = database


def clinic() -> Database:
    """The database of the app that serves this request."""
    database: Database = current_app.extensions[_EXTENSION]
    return database
