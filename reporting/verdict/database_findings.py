"""What the load did to the database, as sentences, what matters most first, each with its route. Pure."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from reporting.metrics.database import Database, LockWait, Pool, Statement, Table
from reporting.metrics.statement_texts import shortened
from reporting.metrics.timeline import Timeline
from reporting.verdict.attribution import EVERY_ROUTE, LIKELY, Belongs, Spells
from reporting.verdict.digits import three_digits
from reporting.verdict.index_guess import index_for, names
from reporting.verdict.told import MATTERS, SURE, Told, percent, sureness

LARGE_TABLE = 10_000
READ_WHOLE = 0.3
"""Of a table's rows, on average of its scans: a LIMIT ends a scan early."""
PER_ROW = 8
"""So many calls of one statement for each request are one for each row of a list."""
OF_ANY = 3
"""The same, on average of all requests, where nobody knows which of them it is of."""
LEAST_CALLS = 50
ALL_IN_USE, LEAST_LOOKS = 0.6, 10
NEAR_THE_LIMIT = 0.9
LISTED = 8
SLOW_CALL_MS = 50
"""A statement that takes so long is slow by itself, whoever waits for a connection because of it."""
GROWN = 0.2
NOT_COMPUTING = 0.5
MOSTLY, PARTLY = 0.8, 0.5
MB = 2**20
BESIDE = ("BEGIN", "COMMIT", "ROLLBACK", "SET", "RESET", "DISCARD", "DEALLOCATE", "START", "SHOW", "END")


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
    owners = _owners(seen, timeline)
    requests = sum(timeline.everything.requests[timeline.steady_from : timeline.steady_to]) if timeline else 0
    part = min(1.0, seen.ms / waited_ms) if waited_ms else 1.0
    slow = list(_scans(seen, owners)) or list(_slow_by_itself(seen, owners))
    others = [*_waits(seen, owners, waited_ms or seen.ms), *_per_row(seen, owners, requests)]
    most = max((cause.weight for cause in [*slow, *others]), default=0.0)
    causes = [*(cause._replace(weight=cause.weight * part) for cause in slow), *others]
    causes += [cause._replace(weight=cause.weight * (1 - most)) for cause in _pools(seen)]
    causes += _connections(seen)
    told = sorted((cause for cause in causes if cause.weight >= MATTERS), key=lambda cause: -cause.weight)
    listed = sorted(seen.statements, key=lambda one: -one.ms)[:LISTED]
    of_routes = _of_routes(seen, owners)
    return DatabaseFound(
        told,
        [] if told else list(_most_time(seen, owners)),
        list(_notes(seen)),
        [_found(one, seen, owners) for one in listed],
        of_routes,
        max(0.0, seen.ms - sum(of_routes.values())),
    )


Owners = Mapping[str, Sequence[Belongs]]


def _owners(seen: Database, timeline: Timeline | None) -> Owners:
    if timeline is None or not seen.statements:
        return {}
    spells = Spells(timeline, [at for at, _ in seen.statements[0].looks])
    if not spells.enough:
        return {}
    return {one.key: spells.explained_by.belongs_to(spells.calls(one.looks)) for one in seen.statements}


def _scans(seen: Database, owners: Owners) -> Iterable[Told]:
    """A large table that is read from end to end, and the statement that does so; all that one index helps weigh."""
    for table in sorted(seen.tables, key=lambda one: -one.rows_read):
        if table.rows < LARGE_TABLE or table.rows_read < READ_WHOLE * table.rows * table.scans:
            continue
        suspects = [one for one in seen.statements if names(one.text, table.name)]
        if not suspects:
            continue
        slowest = max(suspects, key=lambda one: one.ms)
        index = index_for(slowest.text, table.name, table.indexed)
        helped = [one for one in suspects if index and index_for(one.text, table.name, table.indexed) == index]
        together = sum(one.ms for one in helped or [slowest])
        sentence = _scan_sentence(table, slowest, index, seen, owners)
        yield Told(_share(together, seen.ms), sentence, _route(slowest, owners))


def _scan_sentence(table: Table, one: Statement, index: str, seen: Database, owners: Owners) -> str:
    helps = f"; an index on {index} would help (a guess from its text)" if index else ""
    return (
        f"The table {table.name} ({table.rows:,} rows) was read from end to end {table.scans:,} times by {_quoted(one)}"
        f"{_of_route(one, owners)}, {_percent(one.ms, seen.ms)} of the database's time, "
        f"{three_digits(one.ms / max(one.calls, 1))} ms a call{_growth(table)}{helps}"
    )


def _growth(table: Table) -> str:
    if table.grown < GROWN * table.rows:
        return ""
    before = max(0, table.rows - table.grown)
    return f"; it grew from {before:,} rows to {table.rows:,} meanwhile, and with it the time that this takes"


def _waits(seen: Database, owners: Owners, whole_ms: float) -> Iterable[Told]:
    """All that wait for one holder weigh together. PostgreSQL counts only some of it as the statement's own time."""
    for wait in sorted(seen.waits, key=lambda one: -one.seconds)[:2]:
        seconds = sum(other.seconds for other in seen.waits if other.holder == wait.holder)
        weight = seconds * 1000 / whole_ms if whole_ms else seconds / 5
        yield Told(min(1.0, weight), _wait_sentence(wait, seen, owners))


def _wait_sentence(wait: LockWait, seen: Database, owners: Owners) -> str:
    waiting = next((one for one in seen.statements if wait.key and one.key == wait.key), None)
    route = _of_route(waiting, owners) if waiting is not None else ""
    open_transaction = ", which had ended but whose transaction was still open" if "idle" in wait.holder_state else ""
    return (
        f"{_quote(wait.waiting)}{route} waited {three_digits(wait.seconds)} s in all for a lock, "
        f"up to {wait.most} at once, held by {_quote(wait.holder)}{open_transaction}"
    )


def _per_row(seen: Database, owners: Owners, requests: int) -> Iterable[Told]:
    """All that one route calls so often weighs together. What no route explains is held against all requests."""
    found: list[tuple[Statement, str, str, float]] = []
    for one in seen.statements:
        if one.calls < LEAST_CALLS or _is_beside(one):
            continue
        owner = next(iter(owners.get(one.key, ())), None)
        if owner is not None and owner.per_request >= PER_ROW:
            found.append((one, owner.route, f"{owner.route}{_sureness(owner)}", owner.per_request))
        elif owner is None and requests and one.calls >= OF_ANY * requests:
            found.append((one, "", "request", one.calls / requests))
    for one, route, each, times in found:
        together = sum(other.calls for other, its, _, _ in found if its == route)
        yield Told(
            min(1.0, together / max(seen.calls, 1)),
            f"{_quoted(one)} was called {times:,.0f} times for each {each}, {one.calls:,} times in all, "
            f"{_percent(one.calls, seen.calls)} of all calls: "
            "a statement for each row, where one for all of them would do",
            route,
        )


def _pools(seen: Database) -> Iterable[Told]:
    """Who keeps all connections busy and opens no more has too few of them, or takes too long with each."""
    for pool in seen.pools:
        share = pool.all_in_use / pool.looks if pool.looks else 0.0
        if pool.looks >= LEAST_LOOKS and share >= ALL_IN_USE:
            yield Told(0.9 * share, _pool_sentence(pool, share))


def _pool_sentence(pool: Pool, share: float) -> str:
    many = "The only connection" if pool.size == 1 else f"All {pool.size} connections"
    were = "was" if pool.size == 1 else "were"
    return (
        f"{many} of {pool.client} to the database {were} in use in {_percent(share, 1)} of the looks, and there were "
        "never more: requests wait for one; a larger pool would help, if the database has room"
    )


def _connections(seen: Database) -> Iterable[Told]:
    share = seen.most_connections / seen.allowed_connections if seen.allowed_connections else 0.0
    if share >= NEAR_THE_LIMIT:
        yield Told(
            share,
            f"{seen.most_connections} of the {seen.allowed_connections} connections that the database allows were open",
        )


def _slow_by_itself(seen: Database, owners: Owners) -> Iterable[Told]:
    """A statement that takes long each time, for a reason that its tables do not show."""
    slowest = max(seen.statements, key=lambda one: one.ms, default=None)
    waits = sum(wait.seconds for wait in seen.waits if slowest is not None and wait.key == slowest.key)
    if slowest is None or slowest.ms < SLOW_CALL_MS * slowest.calls or waits * 1000 > slowest.ms / 2:
        return
    for sentence in _most_time(seen, owners):
        yield Told(_share(slowest.ms, seen.ms), sentence, _route(slowest, owners))


def _most_time(seen: Database, owners: Owners) -> Iterable[str]:
    """What is slow for no reason that was found is told all the same."""
    slowest = max(seen.statements, key=lambda one: one.ms, default=None)
    if slowest is None or not seen.seconds or _is_beside(slowest):
        return
    busy = seen.ms / 1000 / seen.seconds
    yield (
        f"{_quoted(slowest)}{_of_route(slowest, owners)} took the most time in the database: "
        f"{_percent(slowest.ms, seen.ms)}, {three_digits(slowest.ms / max(slowest.calls, 1))} ms a call "
        f"({three_digits(busy)} statements were at work on average){_waiting(slowest)}"
    )


def _waiting(one: Statement) -> str:
    if one.waited < NOT_COMPUTING:
        return ""
    return f"; it did not compute, but waited for {one.waits_for} in {percent(one.waited)} of the looks"


def _of_routes(seen: Database, owners: Owners) -> dict[str, float]:
    found: dict[str, float] = {}
    for one in seen.statements:
        for owner in owners.get(one.key, ()):
            found[owner.route] = found.get(owner.route, 0.0) + one.ms * owner.share
    return found


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
        shortened(one.text, 160), _share(one.ms, seen.ms), one.calls, one.ms / calls, one.rows / calls, one.misses
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
    part = "" if one.of_calls >= MOSTLY else f", {_percent(one.of_calls, 1)} of its calls"
    return f"{one.route}{part} ({_percent(min(one.sure, SURE), 1)} sure)"


def _route(one: Statement, owners: Owners) -> str:
    owner = next(iter(owners.get(one.key, ())), None)
    return owner.route if owner is not None else ""


def _of_route(one: Statement, owners: Owners) -> str:
    owner = next(iter(owners.get(one.key, ())), None)
    if owner is None:
        return ""
    part = "" if owner.share >= MOSTLY else "mostly " if owner.share >= PARTLY else "partly "
    return f" {part}of {owner.route}{_sureness(owner)}".replace("  ", " ")


def _sureness(owner: Belongs) -> str:
    return "" if owner.route == EVERY_ROUTE and owner.sure >= LIKELY else sureness(owner)


def _quoted(one: Statement) -> str:
    return _quote(one.text)


def _quote(sql: str) -> str:
    return f"`{shortened(sql)}`"


def _is_beside(one: Statement) -> bool:
    return one.text.upper().startswith(BESIDE)


def _share(part: float, whole: float) -> float:
    return min(1.0, part / whole) if whole else 0.0


def _percent(part: float, whole: float) -> str:
    return f"{_share(part, whole):.0%}".replace("%", " %")
