"""What is used of gevent's event loop itself, below its sockets and greenlets."""

import socket
from collections.abc import Callable
from typing import Any

import gevent
from gevent.monkey import get_original

READABLE = 1

system_socket: Callable[..., socket.socket] = get_original("socket", "socket")
"""Python's own socket class, which gevent has replaced."""


def system_poll() -> Any:
    """Python's own select.poll(), or None where there is none."""
    try:
        return get_original("select", "poll")()
    except AttributeError:
        return None


def readable(fileno: int) -> Any:
    """A watcher for `hub.wait`; it is stopped and closed by whoever made it."""
    return gevent.get_hub().loop.io(fileno, READABLE)


def timer(seconds: float) -> Any:
    """A timer whose `again(callback, *args, update=True)` gives it the whole time once more."""
    return gevent.get_hub().loop.timer(seconds, seconds)


def throw_soon(greenlet: gevent.Greenlet, exception: Any) -> None:
    """Raises `exception` in the greenlet when the loop comes round, whoever runs now."""
    gevent.get_hub().loop.run_callback(greenlet.throw, exception)
