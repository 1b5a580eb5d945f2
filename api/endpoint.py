"""One route of the API: how it is asked, what it answers, and what is checked. Compiled once, used per request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from string import Formatter
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import msgspec

from api.checks import Check, at_most, same_record
from api.failures import TokenRefused, UnexpectedAnswer
from api.schemas import Page, Refusal

PAGE_KEYS = ("limit", "offset", "search")
IDEMPOTENT = frozenset({"GET", "PUT", "DELETE"})
ERROR_TEXT_LENGTH = 2000
EXPIRED_TOKEN = "Invalid or expired token"
NO_SHIFT = timedelta(0)
SUMMER_TIMES = (timedelta(0), timedelta(hours=-1), timedelta(hours=1))
"""In a zone with a shift, times of the other half of the year lie an hour off."""

_refusals = msgspec.json.Decoder(Refusal)


Returned = TypeVar("Returned")


@dataclass(frozen=True, slots=True, eq=False)
class Endpoint(Generic[Returned]):
    """A route: `method`, `path` with `{placeholders}`, the struct it `returns` and its success `status`.

    `takes` is the struct of its body, None without one. `checks` maps a parameter (of the path or the query) to the
    check that its answer must pass. `needs_token` is false for the routes that are open to everyone. The rest is
    derived.
    """

    method: str
    path: str
    returns: type[Returned]
    status: int = 200
    checks: Mapping[str, Check] = field(default_factory=dict)
    query: frozenset[str] = frozenset()
    needs_token: bool = True
    takes: Any = None
    idempotent: bool = field(init=False)
    path_keys: tuple[str, ...] = field(init=False)
    _known: frozenset[str] = field(init=False)
    _decoder: msgspec.json.Decoder[Returned] = field(init=False)

    def __post_init__(self) -> None:
        keys = tuple(key for _, key, _, _ in Formatter().parse(self.path) if key)
        returned = msgspec.inspect.type_info(self.returns)
        checks = dict(self.checks)
        if keys[-1:] == ("id",) and "id" in _field_names(returned):
            checks["id"] = same_record
        if getattr(self.returns, "__origin__", None) is Page:
            checks["limit"] = at_most
            _derive(self, "query", self.query | {*PAGE_KEYS})
        _derive(self, "query", self.query | {key for key in checks if key not in keys})
        _derive(self, "checks", checks)
        _derive(self, "idempotent", self.method in IDEMPOTENT)
        _derive(self, "path_keys", keys)
        _derive(self, "_known", self.query | {*keys})
        _derive(self, "_decoder", msgspec.json.Decoder(self.returns))

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def target(self, params: Mapping[str, Any]) -> str:
        """The request target for these parameters; what the path does not take goes into the query.

        Raises TypeError for a parameter that the route does not know, so that a typing error in a task is no load.
        """
        if not params.keys() <= self._known:
            unknown = ", ".join(sorted(params.keys() - self._known))
            raise TypeError(f"{self} takes no parameter {unknown}")
        path = self.path
        if self.path_keys:
            path = path.format_map({key: _wire(params[key]) for key in self.path_keys})
        query = [f"{key}={_wire(params[key])}" for key in params if key not in self.path_keys]
        return f"{path}?{'&'.join(query)}" if query else path

    def read(
        self, status: int, body: bytes, params: Mapping[str, Any], time_shift: timedelta | None = NO_SHIFT
    ) -> Returned:
        """The decoded answer. Raises UnexpectedAnswer (TokenRefused is one) when it is not as promised.

        Times in it lie `time_shift` after those that were asked for; when that is None, they are not checked.
        """
        if status != self.status:
            raise self._refusal(status, error_text(body))
        try:
            answer = self._decoder.decode(body)
        except msgspec.ValidationError as wrong:
            raise UnexpectedAnswer(f"expected the agreed shape, got: {wrong}") from None
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise UnexpectedAnswer("expected JSON, got something else") from None
        except RecursionError:
            raise UnexpectedAnswer("expected JSON that can be read, got one that is nested too deep") from None
        for key, check in self.checks.items():
            if key in params and not _passes(check, answer, params[key], time_shift):
                raise UnexpectedAnswer(f"expected only what {key} asked for, got something else")
        return answer

    def _refusal(self, status: int, reason: str) -> UnexpectedAnswer:
        message = f"expected status {self.status}, got {status}" + (f" ({reason})" if reason else "")
        expired = status == 401 or (status == 403 and reason == EXPIRED_TOKEN)
        refusal = TokenRefused if self.needs_token and expired else UnexpectedAnswer
        return refusal(message, status)


def _passes(check: Check, answer: Any, asked: Any, shift: timedelta | None) -> bool:
    if shift == NO_SHIFT or not isinstance(asked, datetime):
        return check(answer, asked)
    return shift is None or any(check(answer, asked + shift + summer) for summer in SUMMER_TIMES)


def error_text(body: bytes) -> str:
    """The API's own word for a refusal, not yet fit to be told; empty when the body holds none."""
    try:
        return _refusals.decode(body).error[:ERROR_TEXT_LENGTH]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""


def _wire(value: Any) -> str:
    if type(value) is int:
        return str(value)
    if isinstance(value, datetime):
        value = value.isoformat()
    return quote(str(value), safe="")


def _field_names(returned: Any) -> set[str]:
    return {known.name for known in getattr(returned, "fields", ())}


def _derive(endpoint: Endpoint[Any], name: str, value: Any) -> None:
    object.__setattr__(endpoint, name, value)
