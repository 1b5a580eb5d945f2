"""How a value reaches a column: as the driver sends it, and as PostgreSQL's type reads it or refuses to."""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from sandbox.error_answers import ApiError
from sandbox.javascript import scalar_text, stringify

Column = Callable[[Any], Any]
"""Reads a JSON value for one column; raises ApiError with PostgreSQL's complaint."""

_INTEGER_LIMIT = 2**31
_BIGINT_LIMIT = 2**63
_AMOUNT_LIMIT = 1000
_CENT = Decimal("0.01")


def parameter(value: Any) -> str | None:
    """The text that the driver sends for a JSON value: lists as array literals, objects as JSON. Null is null."""
    if value is None:
        return None
    if isinstance(value, list):
        sent = _array_literal(value)
    else:
        sent = stringify(value) if isinstance(value, dict) else scalar_text(value)
    if "\0" in sent:
        raise ApiError(500, 'invalid byte sequence for encoding "UTF8": 0x00')
    # Half a surrogate pair is no character; the encoder writes U+FFFD in its place.
    return sent if sent.isascii() else sent.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _array_literal(values: list[Any]) -> str:
    def element(value: Any) -> str:
        if value is None:
            return "NULL"
        if isinstance(value, list):
            return _array_literal(value)
        return '"' + re.sub(r'(["\\])', r"\\\1", parameter(value) or "") + '"'

    return "{" + ",".join(map(element, values)) + "}"


def text(value: Any) -> str | None:
    """TEXT of any length."""
    return parameter(value)


def varchar(limit: int) -> Column:
    """Text of at most `limit` characters; blanks beyond them are cut off in silence, as the standard asks."""

    def read(value: Any) -> str | None:
        sent = parameter(value)
        if sent is not None and sent[limit:].strip(" "):
            raise ApiError(500, f"value too long for type character varying({limit})")
        return sent if sent is None else sent[:limit]

    return read


def integer(value: Any) -> int | None:
    """A 32-bit whole number, or null."""
    sent = parameter(value)
    return None if sent is None else _whole(sent, "integer", _INTEGER_LIMIT)


def identifier(segment: str) -> int:
    """The id in a path: a 32-bit whole number, never null."""
    return _whole(parameter(segment) or "", "integer", _INTEGER_LIMIT)


def bigint(value: Any) -> int:
    """A 64-bit whole number: what LIMIT and OFFSET take."""
    return _whole(parameter(value) or "", "bigint", _BIGINT_LIMIT)


def numeric(value: Any) -> str | None:
    """NUMERIC(5, 2), as text: the API answers such columns as strings."""
    sent = parameter(value)
    if sent is None:
        return None
    try:
        amount = Decimal(sent.strip())
    except InvalidOperation:
        raise invalid("numeric", sent) from None
    if amount.is_nan():
        return "NaN"
    if amount.is_infinite() or abs(amount) >= _AMOUNT_LIMIT:
        raise ApiError(500, "numeric field overflow")
    rounded = amount.quantize(_CENT, ROUND_HALF_UP)
    if abs(rounded) >= _AMOUNT_LIMIT:
        raise ApiError(500, "numeric field overflow")
    return str(rounded)


def invalid(kind: str, sent: str) -> ApiError:
    """A text that the type `kind` cannot be read from."""
    return ApiError(500, f'invalid input syntax for type {kind}: "{sent}"')


def _whole(sent: str, kind: str, limit: int) -> int:
    if not re.fullmatch(r"\s*[+-]?[0-9]+\s*", sent):
        raise invalid(kind, sent)
    # Longer than any limit, and than what int() reads.
    number = int(sent) if len(sent) < 100 else limit
    if not -limit <= number < limit:
        raise ApiError(500, f'value "{sent}" is out of range for type {kind}')
    return number
