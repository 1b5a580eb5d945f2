"""Signing in, and who one is."""

from flask import Blueprint, Response, current_app, g

from sandbox.answers import answer
from sandbox.db import clinic
from sandbox.error_answers import ApiError
from sandbox.javascript import is_truthy
from sandbox.passwords import is_password
from sandbox.postgres_types import parameter
from sandbox.tokens import Caller, tokens_of
from sandbox.writes import body

blueprint = Blueprint("auth", __name__)

_ACCOUNT = """
SELECT u.id, u.username, u.correo, u.telefono, u.password, r.nombre AS role
FROM usuario u LEFT JOIN rol r ON r.id = u.rol_id WHERE
"""


@blueprint.post("/api/auth/login")
def login() -> Response:
    sent = body()
    username, password = sent.get("username"), sent.get("password")
    if not is_truthy(username) or not is_truthy(password):
        raise ApiError(400, "Username and password required")
    account = clinic().row(f"{_ACCOUNT} u.username = ?", (parameter(username),))
    if account is None or not is_password(password, account["password"]):
        raise ApiError(401, "Invalid credentials")
    caller = Caller(account["id"], account["username"], account["role"])
    user = {"id": caller.id, "username": caller.username, "email": account["correo"], "role": caller.role}
    return answer({"token": tokens_of(current_app).issue(caller), "user": user})


@blueprint.get("/api/auth/me")
def get_me() -> Response:
    account = clinic().row(f"{_ACCOUNT} u.id = ?", (g.caller.id,))
    if account is None:
        raise ApiError(404, "User not found")
    return answer(
        {
            "id": account["id"],
            "username": account["username"],
            "email": account["correo"],
            "phone": account["telefono"],
            "role": account["role"],
        }
    )
