"""A request whose answer is looked at as it comes, whatever it is: no check, no row, no second sign-in."""

from collections.abc import Mapping
from typing import Any

import msgspec

from api.endpoint import Endpoint
from api.failures import ClosedUnanswered
from api.transport.client import request_bytes
from api.transport.connection import Connection
from api.transport.server import Limits, Server


class Probe:
    """One connection, used for one request at a time, with whatever token that has."""

    def __init__(self, server: Server, limits: Limits) -> None:
        self._server = server
        self._connection = Connection(server, limits)

    def ask(
        self,
        endpoint: Endpoint[Any],
        params: Mapping[str, Any],
        body: Any,
        token: str | None,
        *,
        may_repeat: bool = True,
    ) -> tuple[int, bytes]:
        """Status and body. Raises NoAnswer when the API gives none.

        If it `may_repeat`, an idempotent request whose connection was closed while idle is sent again on a new one.
        """
        content = None if body is None else msgspec.json.encode(body)
        request = request_bytes(self._server, endpoint, endpoint.target(params), content, token)
        try:
            answer = self._connection.exchange(request)
        except ClosedUnanswered as closed:
            if not (may_repeat and closed.idle and endpoint.idempotent):
                raise
            answer = self._connection.exchange(request)
        return answer.status_code, answer.body

    def close(self) -> None:
        self._connection.close()
