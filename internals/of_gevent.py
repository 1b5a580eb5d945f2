"""What is used of gevent's event loop itself, below its sockets and greenlets."""

import select
import socket
from collections.abc import Callable
from functools import partial
from typing import Any

import gevent
from gevent.monkey import get_original

READABLE = 1

system_socket: Callable[..., socket.socket] = get_original("socket", "socket")
"""Python's own socket class, which gevent has replaced."""


def news_of(fileno: int) -> Callable[[], object]:
    """Asks the kernel, without waiting, whether there is something to read (`docs/performance.md` has the cost).

    The answer is true when there is.
    """
    if not hasattr(select, "poll"):
        ask = get_original("select", "select")
        return lambda: ask([fileno], [], [], 0)[0]
    poll = get_original("select", "poll")()
    poll.register(fileno, select.POLLIN)  # by default it also tells that one may write
    return partial(poll.poll, 0)


def readable(fileno: int) -> Any:
    """A watcher for `hub.wait`; it is stopped and closed by whoever made it."""
    return gevent.get_hub().loop.io(fileno, READABLE)


def timer(seconds: float) -> Any:
    """A timer whose `again(callback, *args, update=True)` gives it the whole time once more."""
    return gevent.get_hub().loop.timer(seconds, seconds)


def throw_soon(greenlet: gevent.Greenlet, exception: Any) -> None:
    """Raises `exception` in the greenlet when the loop comes round, whoever runs now."""
    gevent.get_hub().loop.run_callback(greenlet.throw, exception)
