"""The users of one process, and how they stand at a moment: who has got in, and who waits for an answer too long."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from internals.of_locust import is_running

if TYPE_CHECKING:
    from users.cms_user import CMSUser

OVERDUE_SECONDS = 5.0
"""An answer that is owed for longer counts as failed as long as it is owed."""
SETTLING_SECONDS = 10.0
"""So long a first sign-in may take before its user counts as one that does not get in."""
IDLE_SECONDS = 10.0
"""So much longer than it may think, a user may do nothing that anybody can see."""


class Overdue(msgspec.Struct, frozen=True, array_like=True):
    """A request that waits for its answer; `age` in ms."""

    role: str
    method: str
    path: str
    age: int


class Resting(NamedTuple):
    """When a user was first seen at rest, and when it had sent its latest request by then."""

    asked_at: float
    since: float


class Standing(msgspec.Struct, frozen=True):
    """`arriving` users are signing in; `unsettled` counts those of each role that try for long, or in vain.

    `settled` is how many have got in since the test began, whether they are still there or not. `idle` counts those
    that neither wait for an answer nor think, and have not for `idle_seconds` at most.
    """

    arriving: int = 0
    settled: int = 0
    unsettled: dict[str, int] = {}
    overdue: list[Overdue] = []
    idle: int = 0
    idle_seconds: float = 0.0


class Roster:
    """Each user joins when it starts and leaves when it begins to clean up behind itself."""

    def __init__(self) -> None:
        self._users: set[CMSUser] = set()
        self._resting: dict[CMSUser, Resting] = {}
        self._settled = 0

    def join(self, user: CMSUser) -> None:
        self._users.add(user)

    def settle(self, user: CMSUser) -> None:
        """The user has got in."""
        user.settled = True
        self._settled += 1

    def leave(self, user: CMSUser) -> None:
        self._users.discard(user)
        self._resting.pop(user, None)

    def standing(self, users: int, strangers: int = 0) -> Standing:
        """How the process's `users` stand now; `strangers` among them are of classes that do not sign in here."""
        now = time.perf_counter()
        inside = [user for user in self._users if user.settled]
        stuck = [user for user in self._users if not user.settled and _tries_in_vain(user, now)]
        idle = [seconds for user in inside if (seconds := self._idle(user, now))]
        return Standing(
            arriving=max(0, users - strangers - len(inside) - len(stuck)),
            settled=self._settled + strangers,
            unsettled=dict(Counter(user.role for user in stuck)),
            overdue=[late for user in self._users if (late := _overdue(user, now)) is not None],
            idle=len(idle),
            idle_seconds=max(idle, default=0.0),
        )

    def _idle(self, user: CMSUser, now: float) -> float:
        """For how many seconds the user has been at rest for no reason, if for too long; else 0.

        It is looked at now and then: whoever has sent something since the last look was not at rest.
        """
        client = user.client
        if client.asking is not None or not is_running(user):
            self._resting.pop(user, None)
            return 0.0
        before = self._resting.get(user)
        if before is None or before.asked_at != client.asked_at:
            before = self._resting[user] = Resting(client.asked_at, now)
        rested = now - before.since
        return rested if rested > IDLE_SECONDS + user.settings.think_time[1] else 0.0


def _tries_in_vain(user: CMSUser, now: float) -> bool:
    return bool(user.failed_starts) or now - user.started_at > SETTLING_SECONDS


def _overdue(user: CMSUser, now: float) -> Overdue | None:
    client = user.client
    endpoint, age = client.asking, now - client.asked_at
    if endpoint is None or age <= OVERDUE_SECONDS:
        return None
    return Overdue(user.role, endpoint.method, endpoint.path, round(age * 1000))
