"""Locust's user agent for requests written by hand, kept to the server of the run: a redirect may lead anywhere."""

from typing import Any

import gevent.ssl

from internals.of_geventhttpclient import URL
from internals.of_locust import HookedUserAgent, unverified_tls


class AnotherOrigin(OSError):
    """A request was about to leave for a server that nobody asked to load; an OSError is a failed row for Locust."""

    def __init__(self) -> None:
        super().__init__("it leads to another server than --host, and was not sent there")


class SameOriginAgent(HookedUserAgent):
    """Refuses whatever would go to another scheme, host or port: the token is for one server, and so is the load."""

    def __init__(self, base_url: str, verify_tls: bool, **kwargs: Any) -> None:
        factory = gevent.ssl.create_default_context if verify_tls else unverified_tls
        super().__init__(insecure=not verify_tls, ssl_context_factory=factory, **kwargs)
        self._origin = _origin(URL(base_url))

    def send(self, request: Any) -> Any:
        if _origin(request.url_split) != self._origin:
            raise AnotherOrigin
        return super().send(request)


def _origin(url: URL) -> tuple[str, str, int | None]:
    return url.scheme.lower(), url.host.lower(), url.port
