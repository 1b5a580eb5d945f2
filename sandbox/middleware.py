"""How WSGI middleware is put in front of the app."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

Serve = Callable[[Any, Any], Iterable[bytes]]


def put_in_front(app: Flask, middleware: Callable[[Serve], Serve]) -> None:
    """As Flask's documentation shows it, which mypy does not know."""
    app.wsgi_app = middleware(app.wsgi_app)  # type: ignore[method-assign, assignment]
