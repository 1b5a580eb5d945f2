"""What ran out first: when the answers left their budget, beside what was watched at that moment. Pure."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Protocol

import msgspec

from reporting.metrics.database import Database
from reporting.metrics.histogram import Histogram
from reporting.metrics.recorder import Row
from reporting.metrics.resources import Resource
from reporting.metrics.timeline import Timeline
from reporting.verdict.attribution import Belongs
from reporting.verdict.budgets import Judged
from reporting.verdict.database_findings import DatabaseFound, StatementFound, database_found
from reporting.verdict.lone_route import Waited, lone_route, waited_for
from reporting.verdict.process_findings import OF_A_CORE, OF_A_THREAD, leak, owner_of, owner_text
from reporting.verdict.told import Told

WAITS = ": it waits for something else"
THREAD_RAN_OUT, OTHER_RAN_OUT, NOTHING_RAN_OUT = 0.5, 0.25, 0.2
"""How much of the waiting that is taken to explain, beside what the database shows."""
PERCENTILES = ("p50", "p95", "p99")
SUSTAINED = 3
"""So many samples in a row make a moment one that counts."""
LOOKED_AHEAD, MOST_OF = 8, 0.6
FULL, THREAD_FULL = 0.9, 0.8
"""Of what there is: a process that is measured once a second hardly ever shows the last tenth."""
BEFORE_SECONDS, AFTER_SECONDS = 30, 5
"""A resource that was full so long before the budget was left, or so soon after, belongs to it."""


class Watched(msgspec.Struct, frozen=True):
    """`sentences` say what ran out first, and what happened to what was watched."""

    sentences: list[str]
    most: dict[str, float] = {}
    """By series, with its unit, such as `CPU of python 4711, % of a core`."""
    statements: list[StatementFound] = []
    """Of the database: those that took the most of its time."""


class WatchedRun(Protocol):
    """What of a run's data is needed here."""

    @property
    def started(self) -> str: ...
    @property
    def resources(self) -> Sequence[Resource]: ...
    @property
    def found_of_resources(self) -> Sequence[str]: ...
    @property
    def database(self) -> Database | None: ...
    @property
    def steady_rows(self) -> Mapping[Row, Histogram]: ...
    @property
    def timeline(self) -> Timeline | None: ...


def watched(run: WatchedRun, judged: Sequence[Judged]) -> Watched | None:
    """None when nothing was watched."""
    if not run.resources and not run.found_of_resources and run.database is None:
        return None
    routes = waited_for(run.steady_rows)
    waited_ms = sum(waited.us for waited in routes.values()) / 1000
    found = database_found(run.database, run.timeline, waited_ms) if run.database is not None else DatabaseFound()
    breach = first_breach(judged, run.timeline) if run.timeline is not None else None
    causes = [*found.told, *_of_the_process(run, found, routes, is_broken=breach is not None)]
    if breach is not None and run.timeline is not None and run.resources:
        begins = run.timeline.steady_from * run.timeline.interval
        sentence, resource = _told(*breach, begins, run.resources, run.started)
        owner = owner_text(_owner(resource, run)) if resource is not None else ""
        if resource is not None or not causes:
            causes.append(Told(_weight(resource), f"{sentence[0].upper()}{sentence[1:]}{owner}"))
    sentences = [cause.sentence for cause in sorted(causes, key=lambda cause: -cause.weight)]
    if breach is not None:
        sentences += found.slowest
    most = {", ".join(filter(None, (one.name, one.unit))): round(one.most, 1) for one in run.resources}
    return Watched([*sentences, *found.notes, *run.found_of_resources], most, found.statements)


def _owner(full: Resource, run: WatchedRun) -> Belongs | None:
    """Whose work used it up, if it was a thread."""
    if not _is_thread(full):
        return None
    found = (owner_of(one, run.timeline) for one in run.resources if one.unit == OF_A_CORE)
    return next((owner for owner in found if owner is not None), None)


def _weight(resource: Resource | None) -> float:
    if resource is None:
        return NOTHING_RAN_OUT
    return THREAD_RAN_OUT if _is_thread(resource) else OTHER_RAN_OUT


def _usually_full(resource: Resource) -> float:
    """Who asks a thread that is busy for four fifths of the time has to wait for most of what goes before."""
    return THREAD_FULL if _is_thread(resource) else FULL


def _is_thread(resource: Resource) -> bool:
    """A machine that is full may be so for others; a thread is the API's own."""
    return resource.unit in OF_A_THREAD


def _of_the_process(
    run: WatchedRun, found: DatabaseFound, routes: Mapping[str, Waited], *, is_broken: bool
) -> list[Told]:
    spent = dict(found.of_routes)
    for resource in run.resources:
        owner = owner_of(resource, run.timeline)
        if owner is not None and owner.route in routes:
            took = owner.per_request * routes[owner.route].requests
            spent[owner.route] = spent.get(owner.route, 0.0) + took
    explained = {route: spent.get(route, 0.0) + found.of_nobody for route in routes}
    explained |= {told.route: math.inf for told in found.told}
    alone = lone_route(routes, explained, is_broken=is_broken)
    grows = leak(run.resources, run.timeline)
    return [told for told in (alone, grows) if told is not None]


def most_text(watched: Watched) -> str:
    """`At most: CPU of python 4711 98 % of a core, memory 120 MB`; what was not there at all is left out."""
    parts = []
    for series, most in watched.most.items():
        name, _, unit = series.partition(", ")
        if most:
            parts.append(_value(unit, most, name))
    return f"At most: {', '.join(parts) or 'nothing'}"


def first_breach(judged: Sequence[Judged], timeline: Timeline) -> tuple[Judged, int] | None:
    """The budget that was left first, and how many seconds into the run; only of those that stayed broken."""
    found = []
    for budget in judged:
        series = timeline.of(budget.subject)
        if budget.ok or budget.metric not in PERCENTILES or series is None:
            continue
        values = getattr(series, budget.metric)[timeline.steady_from : timeline.steady_to]
        above = _first_for_good([value is not None and value > budget.limit for value in values])
        if above is not None:
            found.append((budget, (timeline.steady_from + above) * timeline.interval))
    return min(found, key=lambda pair: pair[1], default=None)


def _told(
    budget: Judged, at: int, begins: int, resources: Sequence[Resource], started: str
) -> tuple[str, Resource | None]:
    """The sentence, and what had run out."""
    if at <= begins + SUSTAINED:
        return _from_the_start(budget, begins, resources)
    left = f"{budget} left its budget at {_clock(started, at)}"
    full = [(when, resource) for resource in resources if (when := _full_from(resource)) is not None]
    near = [(when, resource) for when, resource in full if -BEFORE_SECONDS <= when - at <= AFTER_SECONDS]
    earlier = [(when, resource) for when, resource in full if when < at - BEFORE_SECONDS]
    if near:
        when, resource = min(near, key=lambda pair: (not _is_thread(pair[1]), abs(pair[0] - at)))
        how = "when" if abs(when - at) <= AFTER_SECONDS else f"{at - when} s after"
        return f"{left}, {how} {resource.name} reached {_full(resource)}", resource
    if earlier:
        when, resource = max(earlier, key=lambda pair: pair[0])
        return f"{left}; {resource.name} had been at {_full(resource)} since {_clock(started, when)}", resource
    return f"{left}{_nothing({resource.name: _around(resource, at) for resource in resources}, resources)}", None


def _from_the_start(budget: Judged, begins: int, resources: Sequence[Resource]) -> tuple[str, Resource | None]:
    """What was full then says little, unless it stayed so."""
    told = f"{budget} was above its budget from the start of the steady state"
    usual = {one.name: median([value for at, value in one.points if at >= begins] or [0.0]) for one in resources}
    full = [one for one in resources if one.full and usual[one.name] >= _usually_full(one) * one.full]
    if full:
        first = min(full, key=lambda one: not _is_thread(one))
        is_full = usual[first.name] >= FULL * (first.full or 0.0)
        used = _full(first) if is_full else _value(first.unit, usual[first.name])
        return f"{told}, and {first.name} at {used} most of the time", first
    return f"{told}{_nothing(usual, resources)}", None


def _nothing(values: Mapping[str, float], resources: Sequence[Resource]) -> str:
    limited = [resource for resource in resources if resource.full]
    used = ", ".join(_value(resource.unit, values[resource.name], resource.name) for resource in limited)
    return f", and nothing that was watched had run out ({used}){WAITS}" if limited else ""


def _full_from(resource: Resource) -> int | None:
    if not resource.full:
        return None
    limit = FULL * resource.full
    first = _first_in_a_row([value >= limit for _, value in resource.points])
    return None if first is None else resource.points[first][0]


def _around(resource: Resource, at: int) -> float:
    near = [value for second, value in resource.points if abs(second - at) <= AFTER_SECONDS]
    return max(near, default=resource.most)


def _first_for_good(states: Sequence[bool]) -> int | None:
    """Where most of the next ones are true: with few answers in a second, not each second shows how it is."""
    for place, state in enumerate(states):
        following = states[place : place + LOOKED_AHEAD]
        if state and sum(following) >= max(SUSTAINED, MOST_OF * len(following)):
            return place
    return None


def _first_in_a_row(states: Sequence[bool]) -> int | None:
    """Where the first run of SUSTAINED true ones begins."""
    in_a_row = 0
    for place, state in enumerate(states):
        in_a_row = in_a_row + 1 if state else 0
        if in_a_row == SUSTAINED:
            return place - SUSTAINED + 1
    return None


def _full(resource: Resource) -> str:
    return _value(resource.unit, resource.full or 0.0)


def _value(unit: str, value: float, name: str = "") -> str:
    """`CPU of python 4711 98 % of a core`"""
    return " ".join(filter(None, (name, f"{value:,.0f}", unit)))


def _clock(started: str, seconds: int) -> str:
    """The time of day, UTC."""
    return (datetime.fromisoformat(started) + timedelta(seconds=seconds)).strftime("%H:%M:%S")
