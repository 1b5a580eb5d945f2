"""Accounts: who can sign in, and as what."""

from typing import Any

from flask import Blueprint, Response

from sandbox.answers import answer
from sandbox.db import clinic
from sandbox.error_answers import ApiError
from sandbox.filters import contains
from sandbox.javascript import is_truthy
from sandbox.lists import Listing, one_row, page
from sandbox.passwords import hash_password
from sandbox.postgres_types import integer, varchar
from sandbox.writes import Record, body, create, remove, replace

blueprint = Blueprint("users", __name__)

_PATIENT_ROLE = 3


def _role_or_patient(value: Any) -> int:
    return integer(value) or _PATIENT_ROLE


USERS = Listing(
    columns="u.id, u.username, u.correo, u.telefono, u.rol_id, r.nombre AS rol_nombre",
    table="usuario u",
    joins="LEFT JOIN rol r ON r.id = u.rol_id",
    order="u.id DESC",
    search=(contains("u.username"), contains("u.correo")),
)
_FIELDS = {"username": varchar(50), "correo": varchar(150), "telefono": varchar(20)}
USER = Record(
    table="usuario",
    entity="USUARIO",
    title="User",
    required=("username", "correo", "password"),
    required_text="Username, email and password required",
    created={**_FIELDS, "rol_id": _role_or_patient, "password": hash_password},
    replaced={**_FIELDS, "rol_id": integer},
)


@blueprint.get("/api/users")
def list_users() -> Response:
    return answer(page(USERS))


@blueprint.post("/api/users")
def create_user() -> Response:
    return create(USER)


@blueprint.get("/api/users/<id>")
def get_user(id: str) -> Response:
    return answer(one_row(USERS, id, USER.missing))


@blueprint.put("/api/users/<id>")
def update_user(id: str) -> Response:
    return replace(USER, id)


@blueprint.delete("/api/users/<id>")
def delete_user(id: str) -> Response:
    one_row(USERS, id, USER.missing)  # unlike the other deletes, this one minds an unknown id
    return remove(USER, id)


@blueprint.patch("/api/users/<id>/password")
def change_password(id: str) -> Response:
    """The one write that leaves no audit row."""
    password = body().get("password")
    if not is_truthy(password):
        raise ApiError(400, "Password required")
    user = one_row(USERS, id, USER.missing)
    clinic().update("usuario", {"id": user["id"]}, {"password": hash_password(password)})
    return answer({"message": "Password updated successfully"})
