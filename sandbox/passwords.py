"""Passwords, hashed for real but cheaply: the sandbox must not be what a load test measures."""

from hashlib import pbkdf2_hmac
from secrets import token_hex

from werkzeug.security import check_password_hash

_ITERATIONS = 600


def hash_password(password: str, salt: str | None = None) -> str:
    """A salted hash in werkzeug's spelling. A given salt makes it repeatable, for seeding only."""
    salt = salt or token_hex(8)
    digest = pbkdf2_hmac("sha256", password.encode(), salt.encode(), _ITERATIONS).hex()
    return f"pbkdf2:sha256:{_ITERATIONS}${salt}${digest}"


def is_password(password: str, hashed: str) -> bool:
    return check_password_hash(hashed, password)
