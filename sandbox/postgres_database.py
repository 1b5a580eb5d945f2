"""A clinic on a real PostgreSQL: the same tables and the same SQL, with PostgreSQL's own sequences and refusals."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import errors
from psycopg.rows import dict_row

from sandbox.db import Database, Row, Values, read_script
from sandbox.error_answers import ApiError
from sandbox.postgres_dialect import script, statement
from sandbox.postgres_pool import Pool

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename"
_KEYS = """
SELECT c.conname AS name, c.conrelid::regclass::text AS table, a.attname::text AS column,
       pg_get_constraintdef(c.oid) AS definition
FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
WHERE c.contype = ? AND c.connamespace = current_schema()::regnamespace
ORDER BY c.oid
"""
_FOREIGN, _UNIQUE = "f", "u"


class PostgresDatabase(Database):
    """The first schema of the search path. Each greenlet may use it; a statement outside a transaction is one itself.

    Raises psycopg.OperationalError when nobody answers or the login is refused.
    """

    def __init__(self, dsn: str, pool: int) -> None:
        self._pool = Pool(dsn, pool)
        with self._pool.connection() as connection:
            self._version = connection.info.parameter_status("server_version") or "?"

    def create_tables(self) -> None:
        with self._pool.connection() as connection:
            connection.execute(script(read_script("schema.sql")))

    def create_indexes(self) -> None:
        tables = self.tables()
        for made in read_script("indexes.sql").split(";"):
            indexed = re.search(r"CREATE INDEX \w+ ON (\w+)", made)
            if indexed and indexed[1] in tables:
                self.execute(made)
        self.execute("ANALYZE")

    def version(self) -> str:
        return f"PostgreSQL {self._version.partition(' ')[0]}"

    def tables(self) -> list[str]:
        return self.column(_TABLES)

    def references(self, table: str) -> list[str]:
        return [row["column"] for row in self.rows(_KEYS, (_FOREIGN,)) if row["table"] == table]

    def close(self) -> None:
        self._pool.close()

    def rows(self, sql: str, values: Values = ()) -> list[Row]:
        with self._asking() as connection:
            return connection.cursor(row_factory=dict_row).execute(statement(sql), values).fetchall()

    def row(self, sql: str, values: Values = ()) -> Row | None:
        with self._asking() as connection:
            return connection.cursor(row_factory=dict_row).execute(statement(sql), values).fetchone()

    def column(self, sql: str, values: Values = ()) -> list[Any]:
        with self._asking() as connection:
            return [row[0] for row in connection.execute(statement(sql), values).fetchall()]

    def execute(self, sql: str) -> None:
        with self._asking() as connection:
            connection.execute(sql.encode())

    def ids(self, ids: Sequence[int]) -> Any:
        return list(ids)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with _refusals_as_answers(), self._pool.transaction():
            yield

    @contextmanager
    def unchecked_references(self) -> Iterator[None]:
        with self.transaction():
            keys = self.rows(_KEYS, (_FOREIGN,))
            for key in keys:
                self.execute(f'ALTER TABLE {key["table"]} DROP CONSTRAINT "{key["name"]}"')
            yield
            for key in keys:
                self.execute(f'ALTER TABLE {key["table"]} ADD CONSTRAINT "{key["name"]}" {key["definition"]}')

    def drop_unique(self, table: str) -> None:
        for key in self.rows(_KEYS, (_UNIQUE,)):
            if key["table"] == table:
                self.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{key["name"]}"')

    def start_sequence(self, table: str, last: int) -> None:
        self.value("SELECT setval(pg_get_serial_sequence(?, 'id'), ?, FALSE)", (table, last + 1))

    def insert_many(self, table: str, columns: Sequence[str], rows: Iterable[Values]) -> None:
        sql = f"COPY {table} ({', '.join(columns)}) FROM STDIN".encode()
        with self._asking() as connection, connection.cursor().copy(sql) as copy:
            for row in rows:
                copy.write_row(row)

    def insert(self, table: str, fields: Mapping[str, Any]) -> int:
        holes = ", ".join("?" * len(fields))
        sql = f"INSERT INTO {table} ({', '.join(fields)}) VALUES ({holes}) RETURNING id"
        return int(self.value(sql, tuple(fields.values())))

    def write(self, table: str, sql: str, row: Mapping[str, Any]) -> int:
        with self._asking() as connection:
            return connection.execute(statement(sql), tuple(row.values())).rowcount

    @contextmanager
    def _asking(self) -> Iterator[psycopg.Connection[tuple[Any, ...]]]:
        with _refusals_as_answers(), self._pool.connection() as connection:
            yield connection


@contextmanager
def _refusals_as_answers() -> Iterator[None]:
    """As the API does it: three of them have a status of their own, all others are its error 500."""
    try:
        yield
    except errors.UniqueViolation as refused:
        raise ApiError(409, "Duplicate entry", refused.diag.message_detail) from refused
    except (errors.ForeignKeyViolation, errors.RestrictViolation) as refused:
        raise ApiError(400, "Foreign key constraint violation", refused.diag.message_detail) from refused
    except errors.NotNullViolation as refused:
        raise ApiError(400, "Required field missing", refused.diag.message_detail) from refused
    except psycopg.Error as refused:
        raise ApiError(500, refused.diag.message_primary or _in_one_line(refused)) from refused


def _in_one_line(refused: psycopg.Error) -> str:
    return " ".join(str(refused).split()) or type(refused).__name__
