"""Tokens that no API may accept, made from good ones: nothing about the server's key is tried or guessed."""

import base64
import json
import secrets
from typing import Any

import jwt

KEY_BYTES = 32


def with_other_role(token: str, role: str) -> str:
    """The token with another role in its claims, under the signature of the old ones."""
    head, _, signature = token.split(".")
    return f"{head}.{_encoded({**claims_of(token), 'role': role})}.{signature}"


def with_other_key(token: str) -> str:
    """The same claims, signed with a key that the server does not have."""
    return jwt.encode(claims_of(token), secrets.token_bytes(KEY_BYTES), "HS256")


def without_algorithm(token: str) -> str:
    """The same claims, with a head that says that they are not signed."""
    return f"{_encoded({'alg': 'none', 'typ': 'JWT'})}.{_encoded(claims_of(token))}."


def claims_of(token: str) -> dict[str, Any]:
    """What the token says, whoever has signed it. Raises InvalidTokenError when it is none."""
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False, "verify_exp": False})
    return claims


def _encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
