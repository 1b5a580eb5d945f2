"""Passwords, hashed for real but cheaply: the sandbox must not be what a load test measures."""

from hashlib import pbkdf2_hmac
from secrets import token_hex
from typing import Any

from werkzeug.security import check_password_hash

from sandbox.error_answers import ApiError
from sandbox.javascript import type_name

_ITERATIONS = 600


def hash_password(password: Any, salt: str | None = None, iterations: int = _ITERATIONS) -> str:
    """A salted hash in werkzeug's spelling. A given salt makes it repeatable, for seeding only.

    Raises ApiError for anything but a text, with bcrypt's complaint.
    """
    if not isinstance(password, str):
        raise _illegal_arguments(password, "number")  # the second one is the cost
    salt = salt or token_hex(8)
    digest = pbkdf2_hmac("sha256", password.encode(), salt.encode(), iterations).hex()
    return f"pbkdf2:sha256:{iterations}${salt}${digest}"


def is_password(password: Any, hashed: str) -> bool:
    """Raises ApiError for anything but a text."""
    if not isinstance(password, str):
        raise _illegal_arguments(password, "string")
    return check_password_hash(hashed, password)


def _illegal_arguments(password: Any, other: str) -> ApiError:
    return ApiError(500, f"Illegal arguments: {type_name(password)}, {other}")
