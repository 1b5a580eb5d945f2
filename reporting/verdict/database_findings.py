"""What the load did to the database, as sentences, what matters most first, each with its route. Pure."""

from collections.abc import Iterable

import msgspec

from reporting.metrics.database import Database, Statement
from reporting.metrics.statement_texts import shortened
from reporting.metrics.timeline import Timeline
from reporting.verdict.database_causes import (
    called_per_row,
    connections_near_the_limit,
    full_pools,
    lock_waits,
    most_time,
    scans,
    slow_by_themselves,
)
from reporting.verdict.digits import three_digits
from reporting.verdict.statement_owners import MOSTLY, Owners, ms_of_routes, owners_of, percent_of, share_of
from reporting.verdict.told import MATTERS, SURE, Told

LISTED = 8
MB = 2**20


class StatementFound(msgspec.Struct, frozen=True):
    """A statement of the steady state: `share` of the database's time; `route` says of which, and how sure that is."""

    text: str
    share: float
    calls: int
    ms_per_call: float
    rows_per_call: float
    misses: int
    route: str = ""
    of_calls: float | None = None
    """The share of its calls that come from the route."""
    per_request: float | None = None
    sure: float | None = None


class DatabaseFound(msgspec.Struct, frozen=True):
    """`told` are what matters, most first; `slowest` is said where something is slow and nobody knows why.

    `notes` are worth knowing, `statements` those that took the most time, `of_routes` ms of the database by route.
    """

    told: list[Told] = []
    slowest: list[str] = []
    notes: list[str] = []
    statements: list[StatementFound] = []
    of_routes: dict[str, float] = {}
    of_nobody: float = 0.0
    """ms of the database that are of no known route."""

    @property
    def causes(self) -> list[str]:
        return [cause.sentence for cause in self.told]


def database_found(seen: Database, timeline: Timeline | None, waited_ms: float | None = None) -> DatabaseFound:
    """`waited_ms` is how long all requests of the steady state took together: what the database took of it counts."""
    owners = owners_of(seen, timeline)
    requests = sum(timeline.everything.requests[timeline.steady_from : timeline.steady_to]) if timeline else 0
    part = min(1.0, seen.ms / waited_ms) if waited_ms else 1.0
    slow = list(scans(seen, owners)) or list(slow_by_themselves(seen, owners))
    others = [*lock_waits(seen, owners, waited_ms or seen.ms), *called_per_row(seen, owners, requests)]
    most = max((cause.weight for cause in [*slow, *others]), default=0.0)
    causes = [*(cause._replace(weight=cause.weight * part) for cause in slow), *others]
    causes += [cause._replace(weight=cause.weight * (1 - most)) for cause in full_pools(seen)]
    causes += connections_near_the_limit(seen)
    told = sorted((cause for cause in causes if cause.weight >= MATTERS), key=lambda cause: -cause.weight)
    listed = sorted(seen.statements, key=lambda one: -one.ms)[:LISTED]
    of_routes = ms_of_routes(seen, owners)
    return DatabaseFound(
        told,
        [] if told else list(most_time(seen, owners)),
        list(_notes(seen)),
        [_found(one, seen, owners) for one in listed],
        of_routes,
        max(0.0, seen.ms - sum(of_routes.values())),
    )


def _notes(seen: Database) -> Iterable[str]:
    if seen.deadlocks:
        yield f"The database broke {seen.deadlocks} deadlock{'s' if seen.deadlocks > 1 else ''}"
    if seen.temporary_files:
        size = three_digits(seen.temporary_bytes / MB)
        files = f"{seen.temporary_files} temporary files"
        yield f"The database wrote {files}, {size} MB: work_mem is too small for some sort"


def _found(one: Statement, seen: Database, owners: Owners) -> StatementFound:
    owner = next(iter(owners.get(one.key, ())), None)
    calls = max(one.calls, 1)
    found = StatementFound(
        shortened(one.text, 160), share_of(one.ms, seen.ms), one.calls, one.ms / calls, one.rows / calls, one.misses
    )
    if owner is None:
        return found
    return msgspec.structs.replace(
        found, route=owner.route, of_calls=owner.share, per_request=owner.per_request, sure=owner.sure
    )


def route_text(one: StatementFound) -> str:
    """`GET /api/patients, 60 % of its calls (99 % sure)`"""
    if not one.route or one.of_calls is None or one.sure is None:
        return "-"
    part = "" if one.of_calls >= MOSTLY else f", {percent_of(one.of_calls, 1)} of its calls"
    return f"{one.route}{part} ({percent_of(min(one.sure, SURE), 1)} sure)"
