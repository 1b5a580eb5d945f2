"""The embedded database: one SQLite connection, and ids that are given out as PostgreSQL's sequences do."""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sandbox.constraints import in_postgres_words, missing_tables_in_postgres_words
from sandbox.db import Database, Row, Values, read_script

_PRAGMAS = ("journal_mode = MEMORY", "synchronous = OFF", "temp_store = MEMORY", "foreign_keys = ON")


class SqliteDatabase(Database):
    """One open file. Not shared between threads: the server is one thread of greenlets."""

    def __init__(self, path: str | Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, cached_statements=512)
        self._connection.row_factory = _as_dict
        for pragma in _PRAGMAS:
            self._connection.execute(f"PRAGMA {pragma}")
        self._last_id: dict[str, int] = {}
        self._skipped = 0

    def create_tables(self) -> None:
        self._connection.executescript(read_script("schema.sql"))

    def create_indexes(self) -> None:
        tables = self.tables()
        for statement in read_script("indexes.sql").split(";"):
            indexed = re.search(r"CREATE INDEX \w+ ON (\w+)", statement)
            if indexed and indexed[1] in tables:
                self.execute(statement)

    def version(self) -> str:
        return f"SQLite {sqlite3.sqlite_version}"

    def tables(self) -> list[str]:
        return [row["name"] for row in self.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]

    def references(self, table: str) -> list[str]:
        return [row["from"] for row in self.rows(f"PRAGMA foreign_key_list({table})")]

    def close(self) -> None:
        self._connection.close()

    def rows(self, sql: str, values: Values = ()) -> list[Row]:
        with missing_tables_in_postgres_words():
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, values: Values = ()) -> Row | None:
        with missing_tables_in_postgres_words():
            found: Row | None = self._connection.execute(sql, values).fetchone()
            return found

    def column(self, sql: str, values: Values = ()) -> list[Any]:
        cursor = self._connection.cursor()
        cursor.row_factory = None
        with missing_tables_in_postgres_words():
            return [value for (value,) in cursor.execute(sql, values)]

    def execute(self, sql: str) -> None:
        self._connection.execute(sql)

    def ids(self, ids: Sequence[int]) -> Any:
        return json.dumps(ids)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    @contextmanager
    def unchecked_references(self) -> Iterator[None]:
        """Not within a transaction."""
        self._connection.execute("PRAGMA foreign_keys = OFF")
        try:
            with self.transaction():
                yield
        finally:
            self._connection.execute("PRAGMA foreign_keys = ON")

    def drop_unique(self, table: str) -> None:
        """Rebuilds the table as SQLite's documentation has it."""
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
        self._last_id[table] = last

    def skip_ids(self) -> None:
        """After a restart: PostgreSQL's sequences go on behind ids that are gone, and skip some besides."""
        self._skipped = 1000

    def insert_many(self, table: str, columns: Sequence[str], rows: Iterable[Values]) -> None:
        holes = ", ".join("?" * len(columns))
        self._connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({holes})", rows)

    def insert(self, table: str, fields: Mapping[str, Any]) -> int:
        new_id = self._next_id(table)
        row = {"id": new_id, **fields}
        holes = ", ".join("?" * len(row))
        self.write(table, f"INSERT INTO {table} ({', '.join(row)}) VALUES ({holes})", row)
        return new_id

    def write(self, table: str, sql: str, row: Mapping[str, Any]) -> int:
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


def _as_dict(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> Row:
    return {column[0]: value for column, value in zip(cursor.description, values, strict=True)}
