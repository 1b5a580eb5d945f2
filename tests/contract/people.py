"""Who sends requests in the contract tests, and what they get back."""

from dataclasses import dataclass
from typing import Any

from flask.testing import FlaskClient

PASSWORD = "password123"


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


def sign_in(client: FlaskClient, username: str, password: str = PASSWORD) -> Person:
    reply = Person(client).post("/api/auth/login", username=username, password=password)
    assert reply.status == 200, f"expected {username} to sign in, got {reply}"
    return Person(client, reply.json["token"])
