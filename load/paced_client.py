"""The way to the API of a user that goes through its steps together with another one."""

from locust.user.users import User

from collections.abc import Hashable
from typing import Any

import gevent

from api.endpoint import Endpoint
from api.failure_texts import FailureTexts
from api.transport.client import ApiClient
from api.transport.server import Limits, Server
from records.ledger import Ledger
from reporting.metrics.pairs import Answered


class PacedUser(User):
    """What the client asks of its user before a call, and tells it afterwards."""

    abstract = True
    ledger: Ledger

    def comes_to(self, what: Hashable) -> bool:
        """Waits for the other one, and for its turn; whether both do the same."""
        raise NotImplementedError

    def has_taken(self, answered: Answered | None) -> None:
        """The step that both came to is done; None when it was not asked to its end."""
        raise NotImplementedError


class PacedClient(ApiClient):
    """Waits for its turn before each call. A sign-in that a call needs is a part of that call."""

    def __init__(
        self,
        user: PacedUser,
        server: Server,
        limits: Limits,
        read_only: bool,
        failure_texts: FailureTexts,
    ) -> None:
        super().__init__(user, server, limits, read_only, failure_texts)
        self._paired = user
        self._tell, self._report = self._report, self._hear
        self._asked: Endpoint[Any] | None = None
        self._answered: Answered | None = None

    def call(self, endpoint: Endpoint[Any], body: Any = None, /, **params: Any) -> Any:
        """As ApiClient.call."""
        if self._asked is not None:
            return super().call(endpoint, body, **params)
        try:
            together = self._paired.comes_to(endpoint)
        except gevent.GreenletExit:
            self._has_not_sent()
            raise
        self._asked, self._answered = endpoint, None
        try:
            return super().call(endpoint, body, **params)
        finally:
            self._asked = None
            if together:
                self._paired.has_taken(self._answered)

    def _has_not_sent(self) -> None:
        """Nobody needs to look for a record that the API was never asked to make."""
        if self.trail.undo is not None:
            self._paired.ledger.failed(self.trail.undo.endpoint, **self.trail.undo.params)

    def _hear(self, **row: Any) -> None:
        asked = self._asked
        if asked is not None and (row["request_type"], row["name"]) == (asked.method, asked.path):
            self._answered = Answered(row["response_time"], row["exception"] is not None)
        self._tell(**row)
