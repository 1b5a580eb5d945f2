"""One open socket: bytes out, bytes in, and the moment at which they came in.

The kernel notes when bytes arrive. Without that note an answer that waits while other users are served would look
slower than the server was. Plain sockets sit on gevent's loop directly: its own socket makes a Timeout object and
calls the kernel once too often for each request (`docs/performance.md`).
"""

import socket as system
import struct
import sys
import time
from typing import Any, Protocol

import gevent
import gevent.socket

from internals.of_gevent import news_of, readable, system_socket, timer

RECEIVE_BYTES = 64 * 1024
SO_TIMESTAMPNS = 35
"""Linux's own number, which Python does not name; the note is a timespec: seconds and nanoseconds, as two longs."""

_timespec = struct.Struct("@ll")
_NOTE_BYTES = system.CMSG_SPACE(_timespec.size) if sys.platform == "linux" else 0


class Wire(Protocol):
    """`arrived` is when the latest bytes were there, on the clock of time.perf_counter."""

    arrived: float

    def send(self, content: bytes) -> None: ...

    def receive(self, seconds: float) -> bytes:
        """The next bytes; empty when the peer has closed. Raises TimeoutError when none come in that time."""
        ...

    def has_news(self) -> object:
        """True when the peer has closed, or has sent what nobody asked for; asked before a request is sent."""
        ...

    def close(self) -> None: ...


class PlainWire:
    """A TCP connection, taken over from gevent's socket once it is open."""

    __slots__ = ("_hub", "_patience", "_readable", "_seconds", "_socket", "arrived", "has_news")

    def __init__(self, opened: Any) -> None:
        self._hub = gevent.get_hub()
        self._socket = system_socket(fileno=opened.detach())
        self._socket.setblocking(False)
        if _NOTE_BYTES:
            self._socket.setsockopt(system.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self._readable = readable(self._socket.fileno())
        self.has_news = news_of(self._socket.fileno())
        self._seconds = 0.0
        self._patience = timer(0.0)
        self.arrived = 0.0

    def send(self, content: bytes) -> None:
        try:
            sent = self._socket.send(content)
        except BlockingIOError:
            sent = 0
        if sent < len(content):
            gevent.socket.wait_write(self._socket.fileno())
            self.send(content[sent:])

    def receive(self, seconds: float) -> bytes:
        """The timer is made anew only when the time is another than the last; `again` gives it the whole time."""
        if seconds != self._seconds:
            self._patience.close()
            self._seconds = seconds
            self._patience = timer(seconds)
        self._patience.again(gevent.getcurrent().throw, TimeoutError, update=True)  # from now, not from the last event
        try:
            self._hub.wait(self._readable)
        finally:
            self._patience.stop()
        if not _NOTE_BYTES:
            content = self._socket.recv(RECEIVE_BYTES)
            self.arrived = time.perf_counter()
            return content
        content, notes, _, _ = self._socket.recvmsg(RECEIVE_BYTES, _NOTE_BYTES)
        self.arrived = time.perf_counter() - (_seconds_since(notes[0][2]) if notes else 0.0)
        return content

    def close(self) -> None:
        self._readable.stop()
        self._readable.close()
        self._patience.close()
        self._socket.close()


def _seconds_since(note: bytes) -> float:
    """How long ago the kernel took the note; its clock is that of time.time, which may be set in between."""
    seconds, nanoseconds = _timespec.unpack(note)
    ago: float = time.time() - seconds - nanoseconds / 1e9
    return max(0.0, ago)
