"""What every contract test starts from: a seeded clinic that no other test has touched, and people signed in."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from sandbox.app import create_app
from sandbox.db import Database
from sandbox.deployment import Deployment
from sandbox.seed import seed
from sandbox.server_times import parse_zone
from sandbox.sizes import Sizes
from sandbox.sqlite_database import SqliteDatabase
from tests.contract.engines import POSTGRESQL, SQLITE, Engine, PostgresServer, SqliteFiles
from tests.contract.people import Person, sign_in
from tests.postgres import Postgres, postgres

Deploy = Callable[..., Person]


@pytest.fixture(scope="session")
def this_hour() -> datetime:
    """The `now` of the seeded clinic."""
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    with postgres() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory, this_hour: datetime) -> SqliteFiles:
    """For what is asked of the embedded database alone."""
    return SqliteFiles(tmp_path_factory.mktemp("clinics"), this_hour)


@pytest.fixture(scope="session")
def on_postgres(postgres_server: Postgres, this_hour: datetime) -> PostgresServer:
    return PostgresServer(postgres_server, this_hour)


@pytest.fixture(scope="session", params=[SQLITE, POSTGRESQL])
def engine(request: pytest.FixtureRequest) -> Engine:
    """What uses it, itself or by another fixture, is held on both databases."""
    found: Engine = request.getfixturevalue("sqlite_files" if request.param == SQLITE else "on_postgres")
    return found


@pytest.fixture
def databases(engine: Engine) -> Iterator[Callable[..., Database]]:
    """`databases()` is a fresh copy of the seeded clinic, `databases(empty=True)` one without tables."""
    opened: list[Database] = []

    def give(*, empty: bool = False) -> Database:
        opened.append(engine.empty() if empty else engine.copy())
        return opened[-1]

    yield give
    for database in opened:
        engine.close(database)


@pytest.fixture(scope="module")
def changed(engine: Engine) -> Iterator[Database]:
    """A clinic for the module: no test there counts what another one writes."""
    database = engine.copy()
    yield database
    engine.close(database)


@pytest.fixture
def clinic(databases: Callable[..., Database]) -> Callable[..., FlaskClient]:
    """Opens a fresh copy of the clinic with the options of `create_app`."""
    return lambda **options: create_app(databases(), **options).test_client()


@pytest.fixture
def anyone(clinic: Callable[..., FlaskClient]) -> Person:
    """Somebody without a token, at a clinic with no options."""
    return Person(clinic())


@pytest.fixture
def admin(anyone: Person) -> Person:
    return sign_in(anyone.client, "admin")


@pytest.fixture(scope="session")
def seeded(engine: Engine) -> Iterator[Database]:
    """The clinic that all tests share, because they only read."""
    database = engine.seeded()
    yield database
    engine.close(database)


@pytest.fixture(scope="session")
def reader(seeded: Database) -> Person:
    """An administrator there."""
    return sign_in(create_app(seeded).test_client(), "admin")


@pytest.fixture
def deploy(databases: Callable[..., Database]) -> Deploy:
    """An administrator of a small deployment: `deploy(id_offset=100, ...)`, `deploy(time_zone="...")`."""

    def start(*, time_zone: str = "UTC", **options: Any) -> Person:
        database = databases(empty=True)
        seed(database, Sizes(30, 4), deployment=Deployment(**options))
        if isinstance(database, SqliteDatabase):
            assert database.rows("PRAGMA foreign_key_check") == []
        return sign_in(create_app(database, time_zone=parse_zone(time_zone)).test_client(), "admin")

    return start
