"""How Express reads a request before any route sees it: its path, its query, and what it refuses by itself."""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote_to_bytes

from flask import Flask, Response, request

from sandbox.error_answers import ApiError
from sandbox.middleware import Serve, put_in_front

RAW_PATH = "RAW_URI"
"""The key of the WSGI environment that holds the path as it was sent, still percent-encoded."""

_METHODS = "GET,HEAD,PUT,PATCH,POST,DELETE"


def read_as_express(app: Flask) -> None:
    """Attaches Express's rules. Called when every route is registered: they decide which words of a path are fixed."""
    app.url_map.merge_slashes = False
    rules = [rule.rule for rule in app.url_map.iter_rules()]
    paths = _Paths(rules)

    def with_plain_path(serve: Serve) -> Serve:
        def serve_plain_path(environ: Any, start_response: Any) -> Iterable[bytes]:
            environ["PATH_INFO"] = paths.plain(environ["PATH_INFO"])
            return serve(environ, start_response)

        return serve_plain_path

    put_in_front(app, with_plain_path)
    app.before_request(_answer_preflight)


class _Paths:
    """The paths of an app: fixed words match in upper and lower case, and a slash at the end does not count."""

    def __init__(self, rules: Iterable[str]) -> None:
        segments = [rule.split("/") for rule in rules]
        self._words = {word for parts in segments for word in parts if not word.startswith("<")}
        # Where a router is mounted: its own path is cut off first, so that a second slash is the only one left.
        self._mounts = {"/".join(parts[: 3 if parts[1] == "api" else 2]) for parts in segments}

    def plain(self, path: str) -> str:
        """The path as the routes are written; an unknown one stays unknown."""
        if path.startswith("//"):
            return f"/.{path}"  # werkzeug would take all the slashes for one
        words = (word.lower() if word.lower() in self._words else word for word in path.split("/"))
        plain = "/".join(words).removesuffix("/")
        return plain.removesuffix("/") if plain.removesuffix("/") in self._mounts else plain


def query_value(key: str) -> Any:
    """A key of the query string: a text, a list of them when it is repeated, an object for `key[...]`, or None."""
    sent = request.args.getlist(key)
    inner = {name: value for name, value in request.args.items() if name.startswith(f"{key}[")}
    if inner and not sent:
        return inner
    return sent if len(sent) > 1 else next(iter(sent), None)


def refuse_undecodable_parameters() -> None:
    """Runs before every request: 400 when a parameter of the path is not percent-encoded UTF-8."""
    if not request.view_args:
        return
    for segment in request.environ.get(RAW_PATH, "").partition("?")[0].split("/"):
        if not _is_decodable(segment):
            raise ApiError(400, f"Failed to decode param '{segment}'")


def _is_decodable(segment: str) -> bool:
    try:
        unquote_to_bytes(segment).decode("utf-8")
    except UnicodeDecodeError:
        return False
    return re.search(r"%(?![0-9A-Fa-f]{2})", segment) is None


def _answer_preflight() -> Response | None:
    """The CORS middleware answers every OPTIONS itself, whatever the path."""
    if request.method != "OPTIONS":
        return None
    response = Response(status=204, headers={"Access-Control-Allow-Methods": _METHODS, "Content-Length": "0"})
    del response.headers["Content-Type"]
    return response
