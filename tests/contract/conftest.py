"""What every contract test starts from: a seeded clinic that no other test has touched, and people signed in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from sandbox.app import create_app
from sandbox.db import Database
from sandbox.seed import Sizes, seed

PASSWORD = "password123"
THIS_HOUR = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


@dataclass(frozen=True)
class Reply:
    """One answer: its status and its decoded JSON."""

    status: int
    json: Any


@dataclass(frozen=True)
class Person:
    """Someone who sends requests with a token, or without one."""

    client: FlaskClient
    token: str | None = None

    def send(self, method: str, path: str, body: Any = None) -> Reply:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        response = self.client.open(path, method=method, json=body, headers=headers)
        assert response.content_type == "application/json; charset=utf-8"
        return Reply(response.status_code, response.get_json())

    def get(self, path: str) -> Reply:
        return self.send("GET", path)

    def post(self, path: str, **body: Any) -> Reply:
        return self.send("POST", path, body)

    def put(self, path: str, **body: Any) -> Reply:
        return self.send("PUT", path, body)

    def patch(self, path: str, **body: Any) -> Reply:
        return self.send("PATCH", path, body)

    def delete(self, path: str) -> Reply:
        return self.send("DELETE", path)


Clinic = Callable[..., FlaskClient]
SignIn = Callable[..., Person]


@pytest.fixture(scope="session")
def seeded_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clinic at its default size, seeded once; tests work on copies."""
    path = tmp_path_factory.mktemp("clinic") / "seeded.sqlite"
    database = Database(path)
    seed(database, Sizes(), THIS_HOUR)
    database.close()
    return path


@pytest.fixture
def clinic(seeded_file: Path, tmp_path: Path) -> Iterator[Clinic]:
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
def sign_in() -> SignIn:
    def sign_in_as(client: FlaskClient, username: str, password: str = PASSWORD) -> Person:
        reply = Person(client).post("/api/auth/login", username=username, password=password)
        assert reply.status == 200, f"expected {username} to sign in, got {reply}"
        return Person(client, reply.json["token"])

    return sign_in_as


@pytest.fixture
def anyone(clinic: Clinic) -> Person:
    """Somebody without a token, at a clinic with no options."""
    return Person(clinic())


@pytest.fixture
def admin(anyone: Person, sign_in: SignIn) -> Person:
    return sign_in(anyone.client, "admin")
