"""An encrypted connection on top of a plain one, so that the kernel's note of arrival counts here, too."""

import ssl
import time
from typing import Any

from api.transport.wire import RECEIVE_BYTES, PlainWire


class TlsWire:
    """`arrived` is when the bytes were there that made the record whole.

    gevent's own encrypted socket makes a Timeout object for each answer and keeps the note from us.
    """

    __slots__ = ("_incoming", "_outgoing", "_plain", "_tls", "arrived")

    def __init__(self, opened: Any, context: ssl.SSLContext, host: str, seconds: float) -> None:
        """Takes over gevent's open socket and shakes hands. Raises TimeoutError, or ssl.SSLError with the reason."""
        self._plain = PlainWire(opened)
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host)
        self.arrived = 0.0
        try:
            self._shake_hands(time.perf_counter() + seconds)
        except BaseException:
            self.close()
            raise

    def send(self, content: bytes) -> None:
        self._tls.write(content)
        self._plain.send(self._outgoing.read())

    def receive(self, seconds: float) -> bytes:
        deadline = 0.0
        if not self._tls.pending() and not self._incoming.pending:
            self._take_in(seconds)
        while True:
            try:
                content = self._tls.read(RECEIVE_BYTES)
            except ssl.SSLWantReadError:
                deadline = deadline or time.perf_counter() + seconds
                self._take_in(deadline - time.perf_counter())
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                return b""
            else:
                self.arrived = self._plain.arrived
                return content

    def has_news(self) -> object:
        return self._plain.has_news() or self._incoming.pending or self._tls.pending()

    def close(self) -> None:
        self._plain.close()

    def _shake_hands(self, deadline: float) -> None:
        while True:
            try:
                self._tls.do_handshake()
            except ssl.SSLWantReadError:
                self._plain.send(self._outgoing.read())
                self._take_in(deadline - time.perf_counter())
            else:
                return self._plain.send(self._outgoing.read())

    def _take_in(self, seconds: float) -> None:
        if seconds <= 0:
            raise TimeoutError
        received = self._plain.receive(seconds)
        if received:
            self._incoming.write(received)
        else:
            self._incoming.write_eof()
