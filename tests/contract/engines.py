"""The databases that the contract is held against: files of SQLite, and a real PostgreSQL. Each seeds a clinic once."""

from abc import ABC, abstractmethod
from datetime import datetime
from itertools import count
from pathlib import Path

from sandbox.db import Database
from sandbox.postgres_database import PostgresDatabase
from sandbox.seed import seed
from sandbox.sizes import Sizes
from sandbox.sqlite_database import SqliteDatabase
from tests.postgres import Postgres

SQLITE, POSTGRESQL = "sqlite", "postgresql"
POOL = 10
SEEDED = "seeded"


class Engine(ABC):
    """Who takes a database closes it."""

    name: str

    @abstractmethod
    def empty(self) -> Database: ...

    @abstractmethod
    def seeded(self) -> Database:
        """The clinic at its default size, shared by all who only read."""

    @abstractmethod
    def copy(self) -> Database:
        """A fresh copy of that clinic."""

    def close(self, database: Database) -> None:
        database.close()


class SqliteFiles(Engine):
    name = SQLITE

    def __init__(self, folder: Path, now: datetime) -> None:
        self._folder, self._numbers, self._seeded = folder, count(), folder / SEEDED
        database = SqliteDatabase(self._seeded)
        seed(database, Sizes(), now)
        database.close()

    def empty(self) -> Database:
        return SqliteDatabase(self._folder / f"{next(self._numbers)}.sqlite")

    def seeded(self) -> Database:
        return SqliteDatabase(self._seeded)

    def copy(self) -> Database:
        path = self._folder / f"{next(self._numbers)}.sqlite"
        path.write_bytes(self._seeded.read_bytes())
        return SqliteDatabase(path)


class PostgresServer(Engine):
    name = POSTGRESQL

    def __init__(self, server: Postgres, now: datetime) -> None:
        self._server, self._numbers, self._names = server, count(), dict[Database, str]()
        # The quick way to copy, where there is one.
        self._how = " STRATEGY file_copy" if server.version >= 150000 else ""
        self._made("template1", SEEDED)
        database = self._open(SEEDED)
        seed(database, Sizes(), now)
        database.close()

    def empty(self) -> Database:
        return self._open(self._made("template1", f"clinic_{next(self._numbers)}"))

    def seeded(self) -> Database:
        return self._open(self._made(SEEDED, "shared"))

    def copy(self) -> Database:
        return self._open(self._made(SEEDED, f"clinic_{next(self._numbers)}"))

    def close(self, database: Database) -> None:
        """And away with it: hundreds of copies would fill the disk."""
        database.close()
        self._server.run(f"DROP DATABASE {self._names.pop(database)} WITH (FORCE)")

    def made(self) -> str:
        """The DSN of a database without tables, for a program to open; it is gone with the server."""
        return self._server.dsn_of("owner", database=self._made("template1", f"clinic_{next(self._numbers)}"))

    def _made(self, template: str, name: str) -> str:
        self._server.run(f"CREATE DATABASE {name} TEMPLATE {template}{self._how}")
        return name

    def _open(self, name: str) -> Database:
        database = PostgresDatabase(self._server.dsn_of("owner", database=name), POOL)
        self._names[database] = name
        return database
