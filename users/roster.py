"""The users of one process, and how they stand at a moment: who has got in, and who waits for an answer too long."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from users.base import CMSUser

OVERDUE_SECONDS = 5.0
"""An answer that is owed for longer counts as failed as long as it is owed."""
SETTLING_SECONDS = 10.0
"""So long a first sign-in may take before its user counts as one that does not get in."""


class Overdue(msgspec.Struct, frozen=True, array_like=True):
    """A request that waits for its answer; `age` in ms."""

    role: str
    method: str
    path: str
    age: int


class Standing(msgspec.Struct, frozen=True):
    """`unsettled` counts the users of each role that have been trying to get in for long, or in vain."""

    unsettled: dict[str, int] = {}
    overdue: list[Overdue] = []


class Roster:
    """Each user joins when it starts and leaves when it begins to clean up behind itself."""

    def __init__(self) -> None:
        self._users: set[CMSUser] = set()

    def join(self, user: CMSUser) -> None:
        self._users.add(user)

    def leave(self, user: CMSUser) -> None:
        self._users.discard(user)

    def standing(self) -> Standing:
        """How the users stand now."""
        now = time.perf_counter()
        unsettled: Counter[str] = Counter()
        overdue = []
        for user in self._users:
            if not user.settled and (user.failed_starts or now - user.started_at > SETTLING_SECONDS):
                unsettled[user.role] += 1
            client = user.client
            if (endpoint := client.asking) is not None and now - client.asked_at > OVERDUE_SECONDS:
                age = round((now - client.asked_at) * 1000)
                overdue.append(Overdue(user.role, endpoint.method, endpoint.path, age))
        return Standing(dict(unsettled), overdue)
