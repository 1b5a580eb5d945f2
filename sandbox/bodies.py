"""How Express's JSON parser reads a body, and its words for one that it cannot read."""

import json
import zlib
from json import JSONDecodeError
from typing import Any, NoReturn

from flask import g, request

from sandbox.error_answers import ApiError

_LIMIT = 100 * 1024
_INFLATE = {"gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}
_V8_SAYS = {
    "Expecting property name enclosed in double quotes": "Expected property name or '}' in JSON",
    "Expecting ':' delimiter": "Expected ':' after property name in JSON",
    "Unterminated string starting at": "Unterminated string in JSON",
    "Extra data": "Unexpected non-whitespace character after JSON",
}
"""Python's name for what is wrong with a JSON text, and that of Node's engine."""


def parse_body() -> None:
    """Runs before every request: leaves the JSON in `g.body`, {} when there is none, or refuses.

    Only a body that calls itself JSON is read: a form or a plain text counts as none.
    """
    g.body = {}
    raw = request.get_data() if request.mimetype == "application/json" else b""
    if not raw:
        return
    charset = request.mimetype_params.get("charset", "utf-8")
    if not charset.lower().startswith("utf-"):
        raise ApiError(415, f'unsupported charset "{charset.upper()}"')
    plain = _inflated(raw, request.headers.get("Content-Encoding", "identity").lower())
    if len(plain) > _LIMIT:
        raise ApiError(413, "request entity too large")
    g.body = _parsed(plain.decode("utf-8", "replace").removeprefix("\ufeff"))


def _inflated(raw: bytes, encoding: str) -> bytes:
    if encoding == "identity":
        return raw
    if encoding not in _INFLATE:
        raise ApiError(415, f'unsupported content encoding "{encoding}"')
    try:
        return zlib.decompressobj(_INFLATE[encoding]).decompress(raw, _LIMIT + 1)
    except zlib.error:
        raise ApiError(400, "incorrect header check") from None


def _parsed(text: str) -> Any:
    """Strict: a body is an object or a list, or nothing but blanks."""
    first = text.lstrip(" \t\n\r")[:1]
    if not first:
        return {}
    if first not in "{[":
        raise _unexpected(text, first)
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except JSONDecodeError as problem:
        raise _in_v8_words(problem) from None
    except RecursionError:
        raise ApiError(400, "Invalid JSON") from None


def _refuse_constant(name: str) -> NoReturn:
    raise ApiError(400, f"Unexpected token '{name[0]}' is not valid JSON")


def _in_v8_words(problem: JSONDecodeError) -> ApiError:
    said = _V8_SAYS.get(problem.msg)
    if said and problem.doc[: problem.pos].rstrip().endswith(","):
        said = "Expected double-quoted property name in JSON"
    if said:
        return ApiError(400, f"{said} at position {problem.pos}")
    if problem.pos >= len(problem.doc.rstrip()):
        return ApiError(400, "Unexpected end of JSON input")
    return _unexpected(problem.doc, problem.doc[problem.pos])


def _unexpected(text: str, token: str) -> ApiError:
    return ApiError(400, f"Unexpected token '{token}', \"{text}\" is not valid JSON")
