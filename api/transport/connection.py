"""One kept-alive HTTP/1.1 connection: a request out, one whole answer in.

geventhttpclient's HTTPClient builds and checks every header of every request anew and keeps a pool with a lock for
what is one socket here; `docs/performance.md` has both measured.
"""

import errno
import os
import time

import gevent.socket

from api.failures import ClosedUnanswered, NoAnswer
from api.transport.answer import Answer, InvalidHttp
from api.transport.descriptors import is_reserved
from api.transport.server import Limits, Server
from api.transport.tls_wire import TlsWire
from api.transport.wire import PlainWire, Wire

ASSUMED_KEEP_ALIVE_SECONDS = 5.0
MARGIN_SECONDS = 1.0
"""An unused connection is trusted to be open until so long before the server closes it."""
IDLE_SECONDS = 0.1
"""A connection that was used more recently cannot have been closed for being idle."""


class Connection:
    """One user's connection to the server, opened when needed and again when the server has closed it."""

    __slots__ = ("_idle", "_keep_alive", "_last_used", "_limits", "_server", "_wire")

    def __init__(self, server: Server, limits: Limits) -> None:
        self._server = server
        self._limits = limits
        self._wire: Wire | None = None
        self._last_used = 0.0
        self._idle = False
        self._keep_alive: float | None = None

    def exchange(self, request: bytes) -> Answer:
        """Sends the request and returns the whole answer. Raises NoAnswer when there is none in time.

        A server may close an idle connection at the very moment it is used again; ClosedUnanswered tells that case.
        A server that has said how long it keeps a connection has no such excuse.
        """
        asked = time.perf_counter()
        reused = self._ready(asked)
        try:
            return self._send_and_receive(request, None if reused else asked)
        except BaseException:
            self.close()
            raise

    @property
    def keep_alive_seconds(self) -> float | None:
        """For how long the server has said that it keeps an idle connection."""
        return self._keep_alive

    def close(self) -> None:
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    def _ready(self, now: float) -> bool:
        """Makes sure of an open socket; true when it has been used before."""
        if self._wire is not None:
            unused = now - self._last_used
            self._idle = unused >= IDLE_SECONDS
            if unused < (self._keep_alive or ASSUMED_KEEP_ALIVE_SECONDS) - MARGIN_SECONDS and not self._wire.has_news():
                return True
            self.close()
        self._idle = False
        self._keep_alive = None
        self._wire = self._open()
        return False

    def _closed(self) -> ClosedUnanswered:
        return ClosedUnanswered(idle=self._idle and self._keep_alive is None)

    def _open(self) -> Wire:
        host, port = self._server.address
        limit = self._limits.connect_seconds
        try:
            opened = gevent.socket.create_connection((host, port), timeout=limit)
            if is_reserved(opened.fileno()):
                opened.close()
                raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
            opened.setsockopt(gevent.socket.IPPROTO_TCP, gevent.socket.TCP_NODELAY, 1)
            if (tls := self._server.tls) is not None:
                return TlsWire(opened, tls, host, limit)
            return PlainWire(opened)
        except TimeoutError:
            raise NoAnswer(f"could not connect within {limit:g} s") from None
        except OSError as failure:
            raise NoAnswer(f"could not connect: {_reason(failure)}") from None

    def _send_and_receive(self, request: bytes, asked: float | None) -> Answer:
        """`asked` is when the connection began to be opened; None when it was open, and only sending counts."""
        assert self._wire is not None
        answer = Answer(self._limits.answer_bytes)
        started = time.perf_counter()
        received = b""
        try:
            self._wire.send(request)
            received = self._wire.receive(self._limits.first_byte_seconds)
            if not received:
                raise self._closed()
            answer.feed(received)
            while not answer.complete:
                self._receive_more(self._wire, answer, started)
        except TimeoutError:
            raise NoAnswer(self._too_late(started)) from None
        except (ConnectionResetError, BrokenPipeError) as failure:
            if received:
                raise NoAnswer(f"the connection broke in the midst of the answer: {_reason(failure)}") from None
            raise self._closed() from None
        except OSError as failure:
            raise NoAnswer(f"the connection broke: {_reason(failure)}") from None
        except InvalidHttp:
            raise NoAnswer("the answer is not valid HTTP") from None
        finally:
            answer.close()
        arrived = self._wire.arrived
        if arrived < started:  # the wall clock, by which the kernel notes, was set in between
            arrived = time.perf_counter()
        answer.asked, answer.arrived = asked or started, arrived
        self._keep(answer)
        return answer

    def _receive_more(self, wire: Wire, answer: Answer, started: float) -> None:
        left = started + self._limits.request_seconds - time.perf_counter()
        if left <= 0:
            raise TimeoutError
        received = wire.receive(min(left, self._limits.read_seconds))
        try:
            answer.feed(received)
        except InvalidHttp:
            if received:
                raise
        if not received and not answer.complete:
            raise NoAnswer("the connection was closed before the end of the answer")

    def _too_late(self, started: float) -> str:
        """Which of the two limits it was that the answer has passed."""
        limits = self._limits
        whole = time.perf_counter() - started >= limits.request_seconds
        return f"no whole answer within {limits.request_seconds if whole else limits.read_seconds:g} s"

    def _keep(self, answer: Answer) -> None:
        if not answer.leaves_open:
            self.close()
            return
        self._last_used = answer.arrived
        if self._keep_alive is None:
            self._keep_alive = answer.keep_alive_seconds


def _reason(failure: OSError) -> str:
    """The system's own words, without the address that would split the statistics."""
    return failure.strerror or type(failure).__name__
