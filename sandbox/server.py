"""The server: HTTP/1.1 with keep-alive on the loopback address, until a signal or a closed stdin ends it."""

import signal
import socket
from collections.abc import Callable
from typing import Any

import gevent
from flask import Flask
from gevent.event import Event
from gevent.os import tp_read
from gevent.pywsgi import WSGIHandler, WSGIServer

from sandbox.express import RAW_PATH
from sandbox.faults import DROPPED

HOST = "127.0.0.1"
IDLE_SECONDS = 5


class CannotListen(Exception):
    """The port cannot be had; the text is one line for the user."""


class KeepAliveHandler(WSGIHandler):  # type: ignore[misc]
    """One connection. It is closed when the next request does not begin in time, or when a fault drops it."""

    _held: list[bytes] | None = None

    def __init__(self, sock: socket.socket, *given: Any) -> None:
        super().__init__(sock, *given)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def read_requestline(self) -> str:
        """The next request line; none when the connection stays idle. A request that has begun is never cut."""
        begun = False
        with gevent.Timeout(IDLE_SECONDS, False):
            begun = bool(self.rfile.peek(1))
        return super().read_requestline() if begun else ""

    def get_environ(self) -> dict[str, Any]:
        return {**super().get_environ(), RAW_PATH: self.path}

    def process_result(self) -> None:
        """Sends head and body in one piece, as Node does; two would wait for each other's acknowledgement."""
        if DROPPED in self.environ:
            self.close_connection = True
            return
        self._held = []
        try:
            super().process_result()
        finally:
            whole, self._held = b"".join(self._held), None
        self._sendall(whole)

    def _sendall(self, data: bytes) -> None:
        if self._held is None:
            super()._sendall(data)
        else:
            self._held.append(data)

    def finalize_headers(self) -> None:
        super().finalize_headers()
        if self.close_connection:
            self.response_headers.append((b"Connection", b"close"))
        else:
            self.response_headers.append((b"Connection", b"keep-alive"))
            self.response_headers.append((b"Keep-Alive", b"timeout=%d" % IDLE_SECONDS))


def serve(app: Flask, port: int, ready: Callable[[str], None], *, until_stdin_closes: bool) -> None:
    """Serves until it is told to stop; `ready` gets the base URL. Raises CannotListen when the port is taken."""
    server = WSGIServer((HOST, port), app, log=None, handler_class=KeepAliveHandler, environ={"SERVER_NAME": HOST})
    stop = Event()
    try:
        server.start()
    except OSError as problem:
        raise CannotListen(f"cannot listen on port {port}: {problem.strerror}") from problem
    for number in (signal.SIGINT, signal.SIGTERM):
        gevent.signal_handler(number, stop.set)
    if until_stdin_closes:
        gevent.spawn(_wait_for_stdin_to_close, stop)
    ready(f"http://{HOST}:{server.server_port}")
    stop.wait()
    server.stop(timeout=1)


def _wait_for_stdin_to_close(stop: Event) -> None:
    """Reads in a thread of gevent's pool: that waits without a loop, on every platform."""
    while tp_read(0, 4096):
        pass
    stop.set()
