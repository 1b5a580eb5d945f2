"""The slowest and the failed requests of each route, few of each, with all that it takes to ask them again."""

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import count
from typing import Any

import msgspec

from api.endpoints import SIGN_IN
from api.transport.trail import Noticed, Sent

FILE_NAME = "outliers.json"
SLOWEST = 3
FAILED = 3
"""So many of each route are kept: the slowest of all, and the first failures, each for another reason."""
HIDDEN = "..."
_SECRET = re.compile(rb'("\w*password\w*"\s*:\s*)"(?:[^"\\]|\\.)*"', re.IGNORECASE)


class Step(msgspec.Struct, frozen=True):
    """One request of a user: `body` is JSON without passwords. `made` is the id of the record that it made, if
    that is known, and `undo` the route that removes it, with further ids in `params`."""

    route: str
    target: str
    body: str | None = None
    made: int | None = None
    undo: str = ""
    params: dict[str, Any] = {}


class Outlier(msgspec.Struct, frozen=True):
    """A request that was slow, or failed with this `failure`; the last of its `steps`, which are all of its task.

    `at` is in seconds since the epoch, `taken` in ms, `size` in bytes of the answer's body. A sign-in has no steps.
    """

    route: str
    role: str
    user: str
    task: str
    at: float
    taken: int
    failure: str
    size: int
    traceparent: str
    steps: list[Step]
    id: str = ""
    curl: str = ""


class OutlierBook:
    """A Witness: of one process, or of all, when what others `drain` is merged. Its size is bounded by the routes'."""

    def __init__(self) -> None:
        self.bars: dict[int, float] = {}
        self.forget()

    def forget(self) -> None:
        """A test starts."""
        self.bars.clear()
        self._slow: defaultdict[str, list[Outlier]] = defaultdict(list)
        self._failed: defaultdict[str, dict[str, Outlier]] = defaultdict(dict)
        self._news: list[Outlier] = []

    def notice(self, noticed: Noticed) -> None:
        """A failure of which there are enough is not even looked at closer."""
        route = str(noticed.endpoint)
        if noticed.failure:
            known = self._failed[route]
            if noticed.failure in known or len(known) >= FAILED:
                return
        outlier = _outlier(route, noticed)
        self._news.append(outlier)
        self._keep(outlier)
        slow = self._slow[route]
        if len(slow) >= SLOWEST:
            self.bars[id(noticed.endpoint)] = float(slow[-1].taken)

    def drain(self) -> list[Any]:
        """What is new, as plain values that can travel; what was passed by since is no news any more."""
        kept = {id(outlier) for outlier in self.all()}
        news, self._news = [outlier for outlier in self._news if id(outlier) in kept], []
        found: list[Any] = msgspec.to_builtins(news)
        return found

    def merge(self, payload: Iterable[Any]) -> None:
        for plain in payload:
            self._keep(msgspec.convert(plain, Outlier))

    def all(self) -> list[Outlier]:
        """By route, the slowest first, then the failed ones."""
        routes = sorted({*self._slow, *self._failed})
        return [
            outlier
            for route in routes
            for outlier in (*self._slow.get(route, ()), *self._failed.get(route, {}).values())
        ]

    def numbered(self, since: float) -> list[Outlier]:
        """Those since this moment, each with an id by which it can be asked for; failures of any moment."""
        numbers = count(1)
        chosen = [outlier for outlier in self.all() if outlier.failure or outlier.at >= since]
        return [msgspec.structs.replace(outlier, id=f"r{next(numbers)}") for outlier in chosen]

    def _keep(self, outlier: Outlier) -> None:
        if outlier.failure:
            known = self._failed[outlier.route]
            if len(known) < FAILED:
                known.setdefault(outlier.failure, outlier)
            return
        slow = self._slow[outlier.route]
        slow.append(outlier)
        slow.sort(key=lambda one: -one.taken)
        del slow[SLOWEST:]


def _outlier(route: str, noticed: Noticed) -> Outlier:
    user, trail = noticed.user, noticed.trail
    sent = () if noticed.endpoint is SIGN_IN else trail.sent
    steps = [_step(one, trail.made.get(place)) for place, one in enumerate(sent)]
    account = getattr(user, "account", None)
    return Outlier(
        route,
        user.context().get("role", ""),
        getattr(account, "username", ""),
        trail.task.replace("_", " "),
        round(noticed.at, 3),
        round(noticed.taken),
        noticed.failure,
        noticed.size,
        noticed.traceparent,
        steps,
    )


def _step(sent: Sent, made: int | None) -> Step:
    endpoint, target, content, undo = sent
    step = Step(str(endpoint), target, _told(content), made)
    if undo is None:
        return step
    return msgspec.structs.replace(step, undo=str(undo.endpoint), params=dict(undo.params))


def _told(content: bytes | None) -> str | None:
    return None if content is None else _SECRET.sub(rb'\1"' + HIDDEN.encode() + b'"', content).decode()
