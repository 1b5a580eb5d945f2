"""The server that a run works against, and what one request to it may cost: facts taken apart once, before the load."""

import ssl
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

import gevent.ssl


@dataclass(frozen=True)
class Limits:
    """How long (seconds) and how much (bytes) one request may take."""

    connect_seconds: float = 5.0
    read_seconds: float = 30.0
    request_seconds: float = 60.0
    answer_bytes: int = 10 * 1024 * 1024
    cut_off_seconds: float = 5.0
    """A request that is older when its user is stopped counts as failed; a younger one was just unlucky."""

    @cached_property
    def first_byte_seconds(self) -> float:
        return min(self.read_seconds, self.request_seconds)


@dataclass(frozen=True)
class Server:
    """Where requests go: the base URL taken apart once, and what every request head to it has in common."""

    url: str
    verify_tls: bool = True

    @cached_property
    def address(self) -> tuple[str, int]:
        parts = urlsplit(self.url)
        return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)

    @cached_property
    def prefix(self) -> str:
        """A path in the base URL, put before every route."""
        return urlsplit(self.url).path.rstrip("/")

    @cached_property
    def head(self) -> str:
        """The end of the request line and the headers that never change."""
        return (
            f" HTTP/1.1\r\nHost: {urlsplit(self.url).netloc.rpartition('@')[2]}\r\n"
            "User-Agent: cms-load-suite\r\nAccept: application/json\r\nAccept-Encoding: gzip\r\n"
        )

    @cached_property
    def tls(self) -> ssl.SSLContext | None:
        """One context for all connections, so that certificates are loaded once; none for plain HTTP."""
        if urlsplit(self.url).scheme != "https":
            return None
        context: ssl.SSLContext = gevent.ssl.create_default_context()
        if not self.verify_tls:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context
