"""What every contract test starts from: a seeded clinic that no other test has touched, and people signed in."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from sandbox.app import create_app
from sandbox.db import Database
from sandbox.deployment import Deployment
from sandbox.seed import seed
from sandbox.server_times import parse_zone
from sandbox.sizes import Sizes
from tests.contract.people import Person, sign_in

Deploy = Callable[..., Person]


@pytest.fixture(scope="session")
def this_hour() -> datetime:
    """The `now` of the seeded clinic."""
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


@pytest.fixture(scope="session")
def seeded_file(tmp_path_factory: pytest.TempPathFactory, this_hour: datetime) -> Path:
    """The clinic at its default size, seeded once; tests work on copies."""
    path = tmp_path_factory.mktemp("clinic") / "seeded.sqlite"
    database = Database(path)
    seed(database, Sizes(), this_hour)
    database.close()
    return path


@pytest.fixture
def clinic(seeded_file: Path, tmp_path: Path) -> Iterator[Callable[..., FlaskClient]]:
    """Opens a fresh copy of the clinic with the options of `create_app`."""
    opened: list[Database] = []

    def open_clinic(**options: Any) -> FlaskClient:
        path = tmp_path / f"clinic-{len(opened)}.sqlite"
        path.write_bytes(seeded_file.read_bytes())
        opened.append(Database(path))
        return create_app(opened[-1], **options).test_client()

    yield open_clinic
    for database in opened:
        database.close()


@pytest.fixture
def anyone(clinic: Callable[..., FlaskClient]) -> Person:
    """Somebody without a token, at a clinic with no options."""
    return Person(clinic())


@pytest.fixture
def admin(anyone: Person) -> Person:
    return sign_in(anyone.client, "admin")


@pytest.fixture(scope="session")
def reader(seeded_file: Path) -> Iterator[Person]:
    """An administrator at a clinic that all tests share, because they only read."""
    database = Database(seeded_file)
    yield sign_in(create_app(database).test_client(), "admin")
    database.close()


@pytest.fixture
def deploy(tmp_path: Path) -> Iterator[Deploy]:
    """An administrator of a small deployment: `deploy(id_offset=100, ...)`, `deploy(time_zone="...")`."""
    databases: list[Database] = []

    def start(*, time_zone: str = "UTC", **options: Any) -> Person:
        databases.append(Database(tmp_path / f"{len(databases)}.sqlite"))
        seed(databases[-1], Sizes(30, 4), deployment=Deployment(**options))
        assert databases[-1].rows("PRAGMA foreign_key_check") == []
        return sign_in(create_app(databases[-1], time_zone=parse_zone(time_zone)).test_client(), "admin")

    yield start
    for database in databases:
        database.close()
