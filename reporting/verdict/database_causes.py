"""What in a database can make an API slow: each cause with its weight, its sentence and its route. Pure."""

from collections.abc import Iterable

from reporting.metrics.database import Database, LockWait, Pool, Statement, Table
from reporting.verdict.digits import three_digits
from reporting.verdict.index_guess import index_for, names
from reporting.verdict.statement_owners import (
    Owners,
    is_beside,
    of_its_route,
    percent_of,
    quoted,
    quoted_text,
    route_of,
    share_of,
    sureness_of,
)
from reporting.verdict.told import Told, percent

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
SLOW_CALL_MS = 50
"""A statement that takes so long is slow by itself, whoever waits for a connection because of it."""
GROWN = 0.2
NOT_COMPUTING = 0.5


def scans(seen: Database, owners: Owners) -> Iterable[Told]:
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
        yield Told(share_of(together, seen.ms), sentence, route_of(slowest, owners))


def _scan_sentence(table: Table, one: Statement, index: str, seen: Database, owners: Owners) -> str:
    helps = f"; an index on {index} would help (a guess from its text)" if index else ""
    return (
        f"The table {table.name} ({table.rows:,} rows) was read from end to end {table.scans:,} times by {quoted(one)}"
        f"{of_its_route(one, owners)}, {percent_of(one.ms, seen.ms)} of the database's time, "
        f"{three_digits(one.ms / max(one.calls, 1))} ms a call{_growth(table)}{helps}"
    )


def _growth(table: Table) -> str:
    if table.grown < GROWN * table.rows:
        return ""
    before = max(0, table.rows - table.grown)
    return f"; it grew from {before:,} rows to {table.rows:,} meanwhile, and with it the time that this takes"


def lock_waits(seen: Database, owners: Owners, whole_ms: float) -> Iterable[Told]:
    """All that wait for one holder weigh together. PostgreSQL counts only some of it as the statement's own time."""
    for wait in sorted(seen.waits, key=lambda one: -one.seconds)[:2]:
        seconds = sum(other.seconds for other in seen.waits if other.holder == wait.holder)
        weight = seconds * 1000 / whole_ms if whole_ms else seconds / 5
        yield Told(min(1.0, weight), _wait_sentence(wait, seen, owners))


def _wait_sentence(wait: LockWait, seen: Database, owners: Owners) -> str:
    waiting = next((one for one in seen.statements if wait.key and one.key == wait.key), None)
    route = of_its_route(waiting, owners) if waiting is not None else ""
    open_transaction = ", which had ended but whose transaction was still open" if "idle" in wait.holder_state else ""
    return (
        f"{quoted_text(wait.waiting)}{route} waited {three_digits(wait.seconds)} s in all for a lock, "
        f"up to {wait.most} at once, held by {quoted_text(wait.holder)}{open_transaction}"
    )


def called_per_row(seen: Database, owners: Owners, requests: int) -> Iterable[Told]:
    """All that one route calls so often weighs together. What no route explains is held against all requests."""
    found: list[tuple[Statement, str, str, float]] = []
    for one in seen.statements:
        if one.calls < LEAST_CALLS or is_beside(one):
            continue
        owner = next(iter(owners.get(one.key, ())), None)
        if owner is not None and owner.per_request >= PER_ROW:
            found.append((one, owner.route, f"{owner.route}{sureness_of(owner)}", owner.per_request))
        elif owner is None and requests and one.calls >= OF_ANY * requests:
            found.append((one, "", "request", one.calls / requests))
    for one, route, each, times in found:
        together = sum(other.calls for other, its, _, _ in found if its == route)
        yield Told(
            min(1.0, together / max(seen.calls, 1)),
            f"{quoted(one)} was called {times:,.0f} times for each {each}, {one.calls:,} times in all, "
            f"{percent_of(one.calls, seen.calls)} of all calls: "
            "a statement for each row, where one for all of them would do",
            route,
        )


def full_pools(seen: Database) -> Iterable[Told]:
    """Who keeps all connections busy and opens no more has too few of them, or takes too long with each."""
    for pool in seen.pools:
        share = pool.all_in_use / pool.looks if pool.looks else 0.0
        if pool.looks >= LEAST_LOOKS and share >= ALL_IN_USE:
            yield Told(0.9 * share, _pool_sentence(pool, share))


def _pool_sentence(pool: Pool, share: float) -> str:
    many = "The only connection" if pool.size == 1 else f"All {pool.size} connections"
    were = "was" if pool.size == 1 else "were"
    return (
        f"{many} of {pool.client} to the database {were} in use in {percent_of(share, 1)} of the looks, and there were "
        "never more: requests wait for one; a larger pool would help, if the database has room"
    )


def connections_near_the_limit(seen: Database) -> Iterable[Told]:
    """Of all clients together."""
    share = seen.most_connections / seen.allowed_connections if seen.allowed_connections else 0.0
    if share >= NEAR_THE_LIMIT:
        yield Told(
            share,
            f"{seen.most_connections} of the {seen.allowed_connections} connections that the database allows were open",
        )


def slow_by_themselves(seen: Database, owners: Owners) -> Iterable[Told]:
    """A statement that takes long each time, for a reason that its tables do not show."""
    slowest = max(seen.statements, key=lambda one: one.ms, default=None)
    waits = sum(wait.seconds for wait in seen.waits if slowest is not None and wait.key == slowest.key)
    if slowest is None or slowest.ms < SLOW_CALL_MS * slowest.calls or waits * 1000 > slowest.ms / 2:
        return
    for sentence in most_time(seen, owners):
        yield Told(share_of(slowest.ms, seen.ms), sentence, route_of(slowest, owners))


def most_time(seen: Database, owners: Owners) -> Iterable[str]:
    """What is slow for no reason that was found is told all the same."""
    slowest = max(seen.statements, key=lambda one: one.ms, default=None)
    if slowest is None or not seen.seconds or is_beside(slowest):
        return
    busy = seen.ms / 1000 / seen.seconds
    yield (
        f"{quoted(slowest)}{of_its_route(slowest, owners)} took the most time in the database: "
        f"{percent_of(slowest.ms, seen.ms)}, {three_digits(slowest.ms / max(slowest.calls, 1))} ms a call "
        f"({three_digits(busy)} statements were at work on average){_waiting(slowest)}"
    )


def _waiting(one: Statement) -> str:
    if one.waited < NOT_COMPUTING:
        return ""
    return f"; it did not compute, but waited for {one.waits_for} in {percent(one.waited)} of the looks"
