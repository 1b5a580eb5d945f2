"""Which routes of this CMS work, which are broken, and which were not reached, and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import msgspec

from api.fault_classes import SET_UP, fault_of, is_broken

State = Literal["works", "broken", "not reached"]
WORKS: Final = "works"
BROKEN: Final = "broken"
NOT_REACHED: Final = "not reached"
UNUSED = "no task of this run came to it"
IN_A_ROW = 3
"""So many failures, and no success, under load make a route a broken one; fewer may be bad luck."""
NAMED = 5


class Route(msgspec.Struct, frozen=True):
    """`why` is the first answer of a broken route, or why it was not reached."""

    route: str
    state: State
    why: str = ""


@dataclass(frozen=True)
class KnownOfRoutes:
    """What is known besides the figures: all `routes`; what those that the survey asked answered (nothing, when it was
    as promised); why some cannot be used on this CMS; the paths of empty lists; the first failure of each route."""

    routes: Sequence[str] = ()
    surveyed: Mapping[str, str] = field(default_factory=dict)
    lacking: Mapping[str, str] = field(default_factory=dict)
    empty: Sequence[str] = ()
    first_failures: Mapping[str, str] = field(default_factory=dict)
    each_task_once: bool = False
    read_only: bool = False


Counts = Mapping[str, tuple[int, int]]
"""How many requests a route had under load, and how many of them failed."""


def routes_of(known: KnownOfRoutes, counts: Counts) -> list[Route]:
    """Every route with its state, in the order in which they are known."""
    found: dict[str, Route] = {}
    for name in known.routes:
        found[name] = _answered(name, known, *counts.get(name, (0, 0))) or Route(name, NOT_REACHED)
    return [
        msgspec.structs.replace(route, why=_why_not(route.route, known, found)) if route.state == NOT_REACHED else route
        for route in found.values()
    ]


def reasons_of(routes: Sequence[Route], known: KnownOfRoutes, counts: Counts) -> Iterator[str]:
    """A sentence for each route that is broken for sure."""
    broken = [route for route in routes if route.state == BROKEN and _is_sure(route, known, counts)]
    if len(broken) > NAMED:
        named = ", ".join(route.route for route in broken[:NAMED])
        yield f"{len(broken)} routes are broken: {named}, ..., the first with: {broken[0].why}"
        return
    for route in broken:
        yield f"{route.route} is broken: {route.why}"


def is_explained(route: Route) -> bool:
    """Whether this CMS, and not the run, is why the route was not reached."""
    return not route.why.endswith(UNUSED)


def _answered(name: str, known: KnownOfRoutes, requests: int, failures: int) -> Route | None:
    """What the load says of it counts more than what the survey has seen before."""
    if requests > failures:
        return Route(name, WORKS)
    surveyed = known.surveyed.get(name)
    if failures and (surveyed != "" or failures >= IN_A_ROW):
        return _failed(name, known.first_failures.get(name) or surveyed or "")
    if surveyed is None:
        return None
    return _failed(name, surveyed) if surveyed else Route(name, WORKS)


def _failed(name: str, answer: str) -> Route:
    """A refusal for want of rights, or by a sequence that lies behind its table, breaks no route."""
    if fault_of(answer) == SET_UP:
        return Route(name, NOT_REACHED, f"it was refused: {answer}")
    return Route(name, BROKEN, answer)


def _is_sure(route: Route, known: KnownOfRoutes, counts: Counts) -> bool:
    if not is_broken(route.why):
        return False
    _, failures = counts.get(route.route, (0, 0))
    return bool(known.surveyed.get(route.route)) or known.each_task_once or failures >= IN_A_ROW


def _why_not(name: str, known: KnownOfRoutes, found: Mapping[str, Route]) -> str:
    if found[name].why:
        return found[name].why
    if name in known.lacking:
        return known.lacking[name]
    method, _, path = name.partition(" ")
    if known.read_only and method != "GET":
        return "the run is --read-only"
    parent = path.partition("/{id}")[0]
    if parent == path:
        return UNUSED
    if method == "GET" and parent in known.empty:
        return f"GET {parent} shows nothing"
    needed = found.get(f"{'GET' if method == 'GET' else 'POST'} {parent}")
    if needed is None or needed.state == WORKS:
        return UNUSED
    if needed.state == BROKEN:
        return f"{needed.route} is broken"
    return f"{needed.route} was not reached: {_why_not(needed.route, known, found)}"
