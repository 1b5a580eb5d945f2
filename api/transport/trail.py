"""What a user has sent since its task began, and who wants to know of requests that took long or failed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

if TYPE_CHECKING:
    from api.endpoint import Endpoint


MOST = 50
"""Requests of one task; a task of somebody's own, which nobody tells of its beginning, begins anew after so many."""


class Undo(NamedTuple):
    """What removes a record that is about to be made: the route, and its parameters but for the record's id."""

    endpoint: Endpoint[Any]
    params: Mapping[str, Any]


Sent: TypeAlias = "tuple[Endpoint[Any], str, bytes | None, Undo | None]"
"""One request: its route, its target, its JSON body if it had one, and how to undo it if it made a record."""


class Trail:
    """Short, since it begins anew with each task; signing in is no part of it."""

    __slots__ = ("made", "sent", "task", "undo")

    def __init__(self) -> None:
        self.begin("")

    def begin(self, task: str) -> None:
        self.task = task
        self.sent: list[Sent] = []
        self.made: dict[int, int] = {}
        """The ids of records, by the place in `sent` of the request that has made each."""
        self.undo: Undo | None = None
        """Of the next request."""

    def add(self, endpoint: Endpoint[Any], target: str, content: bytes | None) -> None:
        if len(self.sent) >= MOST:
            self.begin(self.task)
        self.sent.append((endpoint, target, content, self.undo))
        self.undo = None

    def has_made(self, id: int) -> None:
        """The request that was sent last has made the record `id`."""
        self.made[len(self.sent) - 1] = id


class Noticed(NamedTuple):
    """A request that took long or failed, right after its answer. `at` is since the epoch, `taken` in ms."""

    user: Any
    endpoint: Endpoint[Any]
    trail: Trail
    at: float
    taken: float
    failure: str
    size: int
    traceparent: str


class Witness(Protocol):
    """Is told of requests that took longer than its bar for their route, or failed."""

    @property
    def bars(self) -> Mapping[int, float]:
        """In ms, by the identity of the endpoint; a route without one is told of always."""
        ...

    def notice(self, noticed: Noticed) -> None: ...
