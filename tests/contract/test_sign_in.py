"""Signing in: tokens, who they speak for, and when they stop to."""

from collections.abc import Callable

import jwt
import pytest
from flask.testing import FlaskClient

from tests.contract.people import PASSWORD, Person, sign_in

DENIED = (403, {"error": "Invalid or expired token"})


@pytest.mark.parametrize(
    ("username", "id", "role"),
    [("admin", 1, "Administrador"), ("doctor001", 2, "Médico"), ("patient0001", 22, "Paciente")],
)
def test_login_tells_who_one_is(anyone: Person, username: str, id: int, role: str) -> None:
    reply = anyone.post("/api/auth/login", username=username, password=PASSWORD)
    user = {"id": id, "username": username, "email": f"{username}@example.com", "role": role}
    assert (reply.status, reply.json["user"]) == (200, user)
    claims = jwt.decode(reply.json["token"], options={"verify_signature": False})
    assert claims.keys() == {"id", "username", "role", "iat", "exp"}
    assert (claims["id"], claims["role"], claims["exp"] - claims["iat"]) == (id, role, 86_400)


@pytest.mark.parametrize("sent", [{}, {"username": "admin"}, {"password": PASSWORD}, {"username": ""}])
def test_login_needs_both_fields(anyone: Person, sent: dict[str, str]) -> None:
    reply = anyone.post("/api/auth/login", **sent)
    assert (reply.status, reply.json) == (400, {"error": "Username and password required"})


@pytest.mark.parametrize("username", ["admin", "nobody"])
def test_login_says_no_more_than_that_it_failed(anyone: Person, username: str) -> None:
    reply = anyone.post("/api/auth/login", username=username, password="wrong")
    assert (reply.status, reply.json) == (401, {"error": "Invalid credentials"})


def test_me_is_the_tokens_user(admin: Person) -> None:
    reply = admin.get("/api/auth/me")
    expected = {
        "id": 1,
        "username": "admin",
        "email": "admin@example.com",
        "phone": "555-0001",
        "role": "Administrador",
    }
    assert (reply.status, reply.json) == (200, expected)


def test_a_forged_token_is_refused(anyone: Person, admin: Person) -> None:
    assert admin.token is not None
    claims = jwt.decode(admin.token, options={"verify_signature": False})
    for token in ("abc.def.ghi", jwt.encode(claims, "x" * 32), jwt.encode(claims, None, "none")):
        reply = Person(anyone.client, token).get("/api/auth/me")
        assert (reply.status, reply.json) == DENIED


def test_an_expired_token_is_refused_with_403(clinic: Callable[..., FlaskClient]) -> None:
    reply = sign_in(clinic(token_ttl=-1), "admin").get("/api/auth/me")
    assert (reply.status, reply.json) == DENIED


def test_another_process_has_another_secret(clinic: Callable[..., FlaskClient]) -> None:
    token = sign_in(clinic(), "admin").token
    assert Person(clinic(), token).get("/api/auth/me").status == 403


def test_a_changed_password_is_the_only_one_that_works(admin: Person, anyone: Person) -> None:
    reply = admin.patch("/api/users/22/password", password="password456")
    assert (reply.status, reply.json) == (200, {"message": "Password updated successfully"})
    assert anyone.post("/api/auth/login", username="patient0001", password=PASSWORD).status == 401
    assert anyone.post("/api/auth/login", username="patient0001", password="password456").status == 200


def test_changing_a_password_needs_one_and_a_user(admin: Person) -> None:
    assert admin.patch("/api/users/22/password").json == {"error": "Password required"}
    reply = admin.patch("/api/users/999999/password", password="x")
    assert (reply.status, reply.json) == (404, {"error": "User not found"})


def test_a_deleted_user_cannot_sign_in(admin: Person, anyone: Person) -> None:
    created = admin.post("/api/users", username="brief", correo="brief@test.com", password=PASSWORD)
    assert anyone.post("/api/auth/login", username="brief", password=PASSWORD).status == 200
    admin.delete(f"/api/users/{created.json['id']}")
    assert anyone.post("/api/auth/login", username="brief", password=PASSWORD).status == 401
