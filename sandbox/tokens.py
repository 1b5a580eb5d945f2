"""The JWT: issued at sign-in, asked for by every route but sign-in and health."""

import time
from dataclasses import dataclass, field
from secrets import token_bytes

import jwt
from flask import Flask, g, request

from sandbox.error_answers import ApiError

_ALGORITHM = "HS256"
_EXTENSION = "cms-tokens"
_OPEN_ROUTES = ("/health", "/api/auth/login")


@dataclass(frozen=True)
class Caller:
    """Who a token speaks for: the user's id and name, and the role's name."""

    id: int
    username: str
    role: str | None


@dataclass(frozen=True)
class Tokens:
    """Issues and checks tokens, signed with a secret that dies with the process. `ttl` is in seconds."""

    ttl: int
    secret: bytes = field(default_factory=lambda: token_bytes(32), repr=False)

    def issue(self, caller: Caller) -> str:
        issued = int(time.time())
        claims = {"id": caller.id, "username": caller.username, "role": caller.role}
        return jwt.encode({**claims, "iat": issued, "exp": issued + self.ttl}, self.secret, _ALGORITHM)

    def caller(self, token: str) -> Caller:
        """Who the token speaks for; 403, not 401, when it is forged or expired."""
        try:
            claims = jwt.decode(token, self.secret, algorithms=[_ALGORITHM])
            return Caller(claims["id"], claims["username"], claims["role"])
        except (jwt.InvalidTokenError, KeyError):
            raise refused_token() from None

    def guard(self) -> None:
        """Runs before every request: leaves the caller in `g`, or refuses."""
        if request.url_rule is None or request.url_rule.rule.startswith(_OPEN_ROUTES):
            return
        # The second word, whatever the first one is: the API does not look at the scheme.
        token = f"{request.headers.get('Authorization', '')} ".split(" ")[1]
        if not token:
            raise ApiError(401, "Access token required")
        g.caller = self.caller(token)


def attach_tokens(app: Flask, tokens: Tokens) -> None:
    """Every request of the app shows a token of these."""
    app.extensions[_EXTENSION] = tokens
    app.before_request(tokens.guard)


def tokens_of(app: Flask) -> Tokens:
    tokens: Tokens = app.extensions[_EXTENSION]
    return tokens


def refused_token() -> ApiError:
    return ApiError(403, "Invalid or expired token")
