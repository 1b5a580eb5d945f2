"""The server: HTTP/1.1 with keep-alive on the loopback address, until a signal or a closed stdin ends it."""

import signal
from collections.abc import Callable, Sequence

import gevent
from flask import Flask
from gevent.event import Event
from gevent.os import tp_read
from gevent.pool import Pool
from gevent.pywsgi import WSGIServer

from sandbox.faults import Fault
from sandbox.keep_alive import KeepAliveHandler
from sandbox.outages import plan_outages

HOST = "127.0.0.1"


class CannotListen(Exception):
    """The port cannot be had; the text is one line for the user."""


def serve(
    app: Flask, port: int, ready: Callable[[str], None], *, until_stdin_closes: bool, faults: Sequence[Fault] = ()
) -> None:
    """Serves until it is told to stop; `ready` gets the base URL. Raises CannotListen when the port is taken."""
    server = WSGIServer(
        (HOST, port), app, log=None, spawn=Pool(), handler_class=KeepAliveHandler, environ={"SERVER_NAME": HOST}
    )
    stop = Event()
    try:
        server.start()
    except OSError as problem:
        raise CannotListen(f"cannot listen on port {port}: {problem.strerror}") from problem
    for number in (signal.SIGINT, signal.SIGTERM):
        gevent.signal_handler(number, stop.set)
    if until_stdin_closes:
        gevent.spawn(_wait_for_stdin_to_close, stop)
    plan_outages(server, faults)
    ready(f"http://{HOST}:{server.server_port}")
    stop.wait()
    server.stop(timeout=1)


def _wait_for_stdin_to_close(stop: Event) -> None:
    """Reads in a thread of gevent's pool: that waits without a loop, on every platform."""
    while tp_read(0, 4096):
        pass
    stop.set()
