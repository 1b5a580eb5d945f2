"""A server that can only do so much at a time, so that the limit of a search is known beforehand."""

from collections.abc import Iterable
from typing import Any

from flask import Flask
from gevent.lock import BoundedSemaphore

from sandbox.middleware import Serve, put_in_front


def limit_capacity(app: Flask, capacity: int) -> None:
    """Requests beyond `capacity` wait for their turn, in the order in which they came."""
    turns = BoundedSemaphore(capacity)

    def taking_turns(serve: Serve) -> Serve:
        def take_turns(environ: Any, start_response: Any) -> Iterable[bytes]:
            with turns:
                return serve(environ, start_response)

        return take_turns

    put_in_front(app, taking_turns)
