"""--watch-postgres: what the load does to the API's PostgreSQL. It only reads."""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, LiteralString, TypeVar

from config.errors import SetupError
from reporting.metrics.resources import ResourceBook, Sample, Span
from run import postgres_queries, postgres_wording
from run.postgres_log import Counters, Counts, DatabaseLog, TableCounts, Wait

if TYPE_CHECKING:
    from psycopg import Connection

    Asked = Connection[tuple[Any, ...]]
T = TypeVar("T")

CONNECT_SECONDS = 5
AGAIN_SECONDS = 5.0
PART_OF_THE_TIME = 20
"""Counting statements may take one part in so many of the time: a look that took long makes the next one wait."""
MAX_TEXTS = 300
LEAST_VERSION = 140000


class PostgresSource:
    """A Source that is Closing: the database of a DSN. Each method runs in a thread, one at a time."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._connection: Asked | None = None
        self._schema: LiteralString | None = None
        self._name = ""
        self._allowed = 0
        self._missing: list[str] = []
        self._findings: list[str] = []
        self._try_at = self._count_at = 0.0
        self._started = self._looked_at = 0.0
        self._spent: tuple[float, float] | None = None
        self._log = DatabaseLog()

    def start(self) -> None:
        """Raises SetupError for a DSN that is none, that nobody answers, or whose login is refused."""
        try:
            import psycopg
        except ImportError:
            raise SetupError(*postgres_wording.NO_LIBRARY) from None
        try:
            psycopg.conninfo.conninfo_to_dict(self._dsn)
        except psycopg.Error:  # whose words repeat the DSN
            raise SetupError(*postgres_wording.NOT_A_DSN) from None
        try:
            self._connect()
        except psycopg.Error as failure:
            raise postgres_wording.connection_problem(failure) from None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()

    def begin(self, started: float) -> None:
        self._log, self._findings = DatabaseLog(), list(self._missing)
        self._started, self._count_at, self._spent = int(started), 0.0, None
        self._guarded(self._count_whole)

    def sample(self) -> Sequence[Sample]:
        return self._guarded(self._look) or ()

    def findings(self) -> Sequence[str]:
        return list(self._findings)

    def finish(self, book: ResourceBook, span: Span) -> None:
        self._guarded(self._look_back)
        book.database = self._log.facts(self._name, self._allowed, span)

    def _connect(self) -> None:
        import psycopg

        connection = psycopg.connect(
            self._dsn,
            autocommit=True,
            prepare_threshold=None,
            connect_timeout=CONNECT_SECONDS,
            keepalives_idle=CONNECT_SECONDS,
            tcp_user_timeout=2 * CONNECT_SECONDS * 1000,
            application_name="cms-load-suite",
        )
        connection.execute(postgres_queries.SESSION)
        about = connection.execute(postgres_queries.ABOUT).fetchone()
        assert about is not None
        self._name, role, version, may_monitor, self._allowed, schema = about
        self._missing = [] if may_monitor else [postgres_wording.missing_right(role)]
        self._schema = schema
        if version < LEAST_VERSION:
            self._schema = None
            self._missing.append(postgres_wording.TOO_OLD)
        elif not self._counts_statements(connection):
            self._missing.append(postgres_wording.MISSING_EXTENSION)
        self._connection = connection

    def _counts_statements(self, connection: "Asked") -> bool:
        """The extension may be there and its library not be loaded."""
        import psycopg

        if self._schema is None:
            return False
        try:
            connection.execute(postgres_queries.statements(self._schema))
        except psycopg.Error:
            self._schema = None
        return self._schema is not None

    def _guarded(self, look: "Callable[[Asked], T]") -> T | None:
        """None while the database is away: it may come back, and its restart is worth knowing."""
        import psycopg

        now = time.monotonic()
        try:
            if self._connection is None:
                if now < self._try_at:
                    return None
                self._try_at = now + AGAIN_SECONDS
                self._connect()
                self._findings.append(postgres_wording.BACK.format(_clock()))
            assert self._connection is not None
            return look(self._connection)
        except psycopg.OperationalError as failure:
            if self._connection is not None:
                self._connection.close()
                self._connection, self._try_at = None, now + AGAIN_SECONDS
                told = " ".join(str(failure).split()) or type(failure).__name__
                self._findings.append(postgres_wording.GAVE_WAY.format(_clock(), told))
            return None

    def _look(self, connection: "Asked") -> Sequence[Sample]:
        now = time.monotonic()
        since, self._looked_at = min(now - self._looked_at, 2 * AGAIN_SECONDS), now
        busy = self._busy(connection)  # first, since requests are counted by whole seconds
        at, everyone, waiting = time.time() - self._started, 0, 0
        for client, address, here, sessions, in_use, waits in connection.execute(postgres_queries.SESSIONS).fetchall():
            everyone += sessions
            if here:
                waiting += waits
                self._log.saw_sessions(at, f"{client} at {address}", sessions, in_use)
        if self._schema is not None:
            self._log.saw_at_work(connection.execute(postgres_queries.AT_WORK).fetchall())
        self._log.most_connections = max(self._log.most_connections, everyone)
        if waiting:
            self._log.saw_waits(map(_wait, connection.execute(postgres_queries.WAITS).fetchall()), since)
        return [
            Sample("connections of the database", "", everyone, self._allowed),
            Sample("sessions that wait for a lock", "", waiting),
            *busy,
        ]

    def _busy(self, connection: "Asked") -> list[Sample]:
        """How many statements were at work on average, by their own time."""
        ms = self._count(connection) if time.monotonic() >= self._count_at else None
        if ms is None:
            return []
        now, before = time.monotonic(), self._spent
        self._spent = now, ms
        if before is None or now <= before[0] or ms < before[1]:
            return []
        return [Sample("statements at work in the database", "", (ms - before[1]) / 1000 / (now - before[0]))]

    def _count(self, connection: "Asked") -> float | None:
        if self._schema is None:
            return None
        began = time.monotonic()
        rows = connection.execute(postgres_queries.statements(self._schema)).fetchall()
        at = time.time() - self._started
        ms = self._log.saw_statements(at, {key: Counts(*counts) for key, *counts in rows})
        ended = time.monotonic()
        self._count_at = ended + PART_OF_THE_TIME * (ended - began)
        return ms

    def _count_whole(self, connection: "Asked") -> None:
        counters = connection.execute(postgres_queries.COUNTERS).fetchone()
        self._log.counters.append(Counters(*(counters or ())))
        rows = connection.execute(postgres_queries.TABLES).fetchall()
        self._log.tables.append({str(key): TableCounts(*rest) for key, *rest in rows})
        self._looked_at = time.monotonic()

    def _look_back(self, connection: "Asked") -> None:
        self._count_whole(connection)
        if self._schema is not None:
            query, wanted = postgres_queries.texts(self._schema), self._log.called()[:MAX_TEXTS]
            self._log.texts = dict(connection.execute(query, (wanted,)).fetchall())


def _wait(row: tuple[Any, ...]) -> Wait:
    pid, key, text, holder, holder_text, state = row
    return Wait(pid, key or "", text or "", holder, holder_text or "", state)


def _clock() -> str:
    return time.strftime("%H:%M:%S", time.gmtime())
