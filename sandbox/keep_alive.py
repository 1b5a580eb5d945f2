"""One kept-alive connection of the server: all that is used of gevent.pywsgi beyond its documentation."""

import socket
from typing import Any

import gevent
from gevent.pywsgi import WSGIHandler

from sandbox.express import RAW_PATH
from sandbox.faults import DROPPED

IDLE_SECONDS = 5


class KeepAliveHandler(WSGIHandler):  # type: ignore[misc]  # gevent ships no types
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
