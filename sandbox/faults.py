"""Faults on demand: what an API does on a bad day, by specification, repeatably."""

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

import gevent
from flask import Flask, Response, g, request

from sandbox.answers import answer
from sandbox.spoilers import SPOILERS
from sandbox.tokens import refused_token

DROPPED = "sandbox.dropped"
AWAY, FREEZE = "away", "freeze"
_OF_THE_SERVER = (AWAY, FREEZE)
_ACTIONS = ("status", "delay", "grow", "hang", "drop", "shape", "refuse-token", "owner", *_OF_THE_SERVER)
_LIMITS = ("share", "route", "after", "for")
_LOGIN = "POST /api/auth/login"
_WAITS = ("delay", "grow", "hang")
_LONGEST_SECONDS = 3600.0


class FaultError(ValueError):
    """A specification that cannot be understood; its text is one line for the user."""


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong. `amount` is the status or the milliseconds; times are seconds since start."""

    action: str
    amount: int
    share: float = 1.0
    route: str | None = None
    after: float = 0.0
    until: float = float("inf")

    def concerns(self, route: str) -> bool:
        """Every API route but the sign-in, unless the fault names its route, or is one of the whole server."""
        if self.action in _OF_THE_SERVER:
            return False
        if self.route is None:
            return "/api/" in route and route != _LOGIN
        return _nameless(self.route) == _nameless(route)


def parse_fault(spec: str) -> Fault:
    """Reads `status=503,share=0.2,route=GET /api/patients/{id}`; FaultError when it makes no sense."""
    parts: dict[str, str] = {}
    for key, value in (_split(part, spec) for part in spec.split(",")):
        if key in parts:
            raise FaultError(f"fault {spec!r}: {key!r} is given twice")
        parts[key] = value
    actions = [key for key in parts if key in _ACTIONS]
    if len(actions) != 1:
        raise FaultError(f"fault {spec!r} needs exactly one of {', '.join(_ACTIONS)}")
    if actions[0] in _OF_THE_SERVER and parts.keys() & {"share", "route"}:
        raise FaultError(f"fault {spec!r}: {actions[0]} concerns the whole server, take share and route away")
    begin = _number(parts, "after", 0.0)
    return Fault(
        action=actions[0],
        amount=_amount(actions[0], parts[actions[0]]),
        share=_number(parts, "share", 1.0, at_most=1.0),
        route=parts.get("route"),
        after=begin,
        until=begin + _number(parts, "for", float("inf")),
    )


@dataclass(frozen=True)
class Injector:
    """Applies the faults to an app's requests. The random numbers are seeded: the same run, the same faults."""

    faults: Sequence[Fault]
    clock: Callable[[], float] = time.monotonic
    started: float = field(init=False)
    rngs: tuple[Random, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "started", self.clock())
        object.__setattr__(self, "rngs", tuple(Random(seed) for seed in range(len(self.faults))))

    def attach(self, app: Flask) -> None:
        """Goes wrong before anything else can; FaultError when a fault names a route the app has not."""
        known = {
            _nameless(f"{method} {rule.rule}") for rule in app.url_map.iter_rules() for method in rule.methods or ()
        }
        for fault in self.faults:
            if fault.route is not None and _nameless(fault.route) not in known:
                raise FaultError(f"fault route {fault.route!r} is not a route of the API")
        app.before_request(self.before)
        app.after_request(self.after)

    def before(self) -> Response | None:
        g.spoilers = []
        for fault in self._due():
            if fault.action in _WAITS:
                gevent.sleep(self._wait(fault))
            elif fault.action in SPOILERS:
                g.spoilers.append(SPOILERS[fault.action])
            else:
                return _refusal(fault)
        return None

    def after(self, response: Response) -> Response:
        for spoil in g.get("spoilers", ()):
            response = spoil(response)
        return response

    def _wait(self, fault: Fault) -> float:
        """In seconds: what hangs does so until the fault is over."""
        elapsed = self.clock() - self.started
        if fault.action == "hang":
            return min(fault.until - elapsed, _LONGEST_SECONDS)
        return fault.amount / 1000 * (elapsed - fault.after if fault.action == "grow" else 1)

    def _due(self) -> list[Fault]:
        route = f"{request.method} {request.url_rule.rule}" if request.url_rule else ""
        elapsed = self.clock() - self.started
        return [
            fault
            for fault, rng in zip(self.faults, self.rngs, strict=True)
            if fault.after <= elapsed < fault.until and fault.concerns(route) and rng.random() < fault.share
        ]


def _refusal(fault: Fault) -> Response:
    if fault.action == "refuse-token":
        refused = refused_token()
        return answer(refused.body(), refused.status)
    if fault.action == "drop":
        request.environ[DROPPED] = True  # the server's handler sees it and hangs up
    return answer({"error": "Injected fault"}, fault.amount if fault.action == "status" else 500)


def _nameless(route: str) -> str:
    return re.sub(r"[{<]\w+[}>]", "{}", route)


def _split(part: str, spec: str) -> tuple[str, str]:
    key, equals, value = part.partition("=")
    key = key.strip()
    if not equals or key not in (*_ACTIONS, *_LIMITS):
        allowed = ", ".join((*_ACTIONS, *_LIMITS))
        raise FaultError(f"fault {spec!r}: unknown key {key!r}; allowed are {allowed}, each as key=value")
    return key, value.strip()


def _number(parts: dict[str, str], key: str, default: float, at_most: float = float("inf")) -> float:
    try:
        number = float(parts.get(key, default))
    except ValueError:
        number = -1.0
    if not 0 <= number <= at_most:
        limit = "" if at_most == float("inf") else f" up to {at_most:g}"
        raise FaultError(f"fault key {key!r}: expected a number from 0{limit}, got {parts[key]!r}")
    return number


def _amount(action: str, value: str) -> int:
    ranges = {"status": (400, 599), "delay": (1, 600_000), "grow": (1, 600_000)}
    low, high = ranges.get(action, (1, 1))
    if not value.isdecimal() or not low <= int(value) <= high:
        expected = f"a whole number from {low} to {high}" if low < high else "1"
        raise FaultError(f"fault key {action!r}: expected {expected}, got {value!r}")
    return int(value)
