"""The JWT: what it claims, when it is renewed, and one new sign-in when the API refuses it."""

import math
import time
from collections.abc import Collection
from dataclasses import dataclass

import jwt

from api.endpoints import SIGN_IN
from api.failures import UnexpectedAnswer
from api.schemas import SignedIn
from api.transport.client import ApiClient
from users.accounts import Account

RENEWAL_SHARE = 0.1
RENEWAL_SECONDS = (2.0, 60.0)


@dataclass(frozen=True, slots=True)
class Token:
    """A token as the API gave it, its claims read, and the moment of our own clock when it is due for renewal."""

    text: str
    user_id: int
    role: str
    issued_at: float
    renew_at: float
    life: float
    """In seconds."""

    @classmethod
    def read(cls, text: str, asked_at: float) -> "Token":
        """Reads the claims without checking the signature: the key is the server's.

        The token's life is `exp - iat`, counted from the moment it was asked for, so that the two clocks need not
        agree. Raises UnexpectedAnswer when it is not a JWT with the claims that the API promises.
        """
        try:
            claims = jwt.decode(text, options={"verify_signature": False, "verify_exp": False})
            user_id, role = int(claims["id"]), str(claims["role"])
            issued_at, ends_at = float(claims["iat"]), float(claims["exp"])
        except (jwt.InvalidTokenError, LookupError, TypeError, ArithmeticError, ValueError, RecursionError):
            raise UnexpectedAnswer("expected a JWT with id, role, iat and exp, got something else") from None
        life = ends_at - issued_at
        if not 0 < life < math.inf:
            raise UnexpectedAnswer("expected a token that lives for a while, got one that had ended when it came")
        return cls(text, user_id, role, issued_at, asked_at + life - renewal_margin(life), life)


def renewal_margin(life: float) -> float:
    """How many seconds before its end a token that lives `life` seconds is renewed.

    At least two, since `iat` is cut to whole seconds and the next request needs its time on the way; of a token that
    lives hardly longer than that, half of its life.
    """
    shortest, longest = RENEWAL_SECONDS
    return min(max(life * RENEWAL_SHARE, shortest), longest, life / 2)


class Session:
    """One account's stay: the TokenSource of its ApiClient."""

    def __init__(self, api: ApiClient, account: Account, role_names: Collection[str]) -> None:
        self._api = api
        self._account = account
        self._role_names = role_names
        self._token: Token | None = None

    @property
    def user_id(self) -> int:
        """The id of the signed-in user (not of its patient or doctor record)."""
        return self._current().user_id

    @property
    def signed_in_at(self) -> float:
        """When the host says that it made the token, in seconds since 1970."""
        return self._current().issued_at

    @property
    def token_life(self) -> float:
        """For how many seconds the host lets a token live."""
        return self._current().life

    @property
    def username(self) -> str:
        return self._account.username

    def token(self) -> str:
        """The token for the next request; signs in first when there is none or it is due for renewal."""
        return self._current().text

    def renew(self) -> None:
        """Signs in anew. Raises TaskCannotGoOn when the API does not let the account in, or not in its role."""
        asked_at = time.monotonic()

        def useful_token(answer: SignedIn) -> Token:
            return self._in_role(Token.read(answer.token, asked_at))

        self._token = self._api.call(SIGN_IN, self._account.credentials(), accept=useful_token)

    def _current(self) -> Token:
        if self._token is None or time.monotonic() >= self._token.renew_at:
            self.renew()
        assert self._token is not None
        return self._token

    def _in_role(self, token: Token) -> Token:
        if token.role not in self._role_names:
            wanted = " or ".join(self._role_names)
            raise UnexpectedAnswer(f"expected a token for {wanted}, got one for {token.role}")
        return token
