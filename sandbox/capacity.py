"""A server that can only do so much at a time, so that the limit of a search is known beforehand."""

from collections.abc import Iterable
from typing import Any

from flask import Flask
from gevent.lock import BoundedSemaphore


def limit_capacity(app: Flask, capacity: int) -> None:
    """Requests beyond `capacity` wait for their turn, in the order in which they came."""
    turns = BoundedSemaphore(capacity)
    serve: Any = app.wsgi_app

    def take_turns(environ: Any, start_response: Any) -> Iterable[bytes]:
        with turns:
            answer: Iterable[bytes] = serve(environ, start_response)
            return answer

    app.wsgi_app = take_turns  # type: ignore[method-assign]
