"""What one test has seen of a database so far, kept small, and made into facts when the load is over."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from reporting.metrics.database import Database, LockWait, Pool, Statement, Table
from reporting.metrics.resources import Span
from reporting.metrics.statement_texts import without_values
from run.postgres_queries import MARK

MAX_LOOKS = 300
SLOWEST, OFTENEST = 10, 5
LEAST_AT_WORK = 5
"""Sessions that were seen at work with a statement, before anything is said of what it waits for."""


class Counts(NamedTuple):
    """Of one statement, since the server began to count."""

    calls: int = 0
    ms: float = 0.0
    rows: int = 0
    hits: int = 0
    misses: int = 0

    def since(self, before: "Counts") -> "Counts":
        calls, ms = self.calls - before.calls, self.ms - before.ms
        return Counts(calls, ms, self.rows - before.rows, self.hits - before.hits, self.misses - before.misses)


class Wait(NamedTuple):
    """One session that waits for another, at one moment."""

    pid: int
    key: str
    text: str
    holder: int
    holder_text: str
    holder_state: str


class Counters(NamedTuple):
    """Of the database, since the server began to count."""

    deadlocks: int = 0
    temporary_files: int = 0
    temporary_bytes: int = 0


class TableCounts(NamedTuple):
    """`rows` is the database's own estimate, from its last look at the whole table."""

    name: str
    rows: int
    added: int
    scans: int
    rows_read: int
    indexed: Sequence[str]


Shot = tuple[float, Mapping[str, Counts]]
NEVER = Counts()


class DatabaseLog:
    """Times are seconds since the start of the run."""

    def __init__(self) -> None:
        self.most_connections = 0
        self.counters: list[Counters] = []
        self.tables: list[Mapping[str, TableCounts]] = []
        self.texts: Mapping[str, str] = {}
        self._base: Mapping[str, Counts] = {}
        self._shots: list[Shot] = []
        self._in_use: defaultdict[str, list[tuple[float, int, int]]] = defaultdict(list)
        self._at_work: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._waited: Counter[tuple[str, str, str, str]] = Counter()
        self._most: Counter[tuple[str, str, str, str]] = Counter()

    def saw_statements(self, at: float, counts: Mapping[str, Counts]) -> float:
        """Keeps those that were called since the first look; returns the time of all so far, in ms."""
        if not self._shots:
            self._base = counts
        before = self._shots[-1][1] if self._shots else {}
        changed = {key: found for key, found in counts.items() if found != self._base.get(key)}
        kept = {key: before[key] if before.get(key) == found else found for key, found in changed.items()}
        self._shots.append((at, kept))
        if len(self._shots) > MAX_LOOKS:
            del self._shots[1:-1:2]
        return sum(found.ms - self._base.get(key, NEVER).ms for key, found in kept.items())

    def saw_sessions(self, at: float, client: str, sessions: int, in_use: int) -> None:
        looks = self._in_use[client]
        looks.append((at, sessions, in_use))
        if len(looks) > 2 * MAX_LOOKS:
            del looks[1:-1:2]

    def saw_at_work(self, looks: Iterable[tuple[str, str, int]]) -> None:
        """Of each statement that is at work: its key, what it waits for, and how many sessions do so."""
        for key, waits_for, sessions in looks:
            if key in self._at_work or len(self._at_work) < MAX_LOOKS:
                self._at_work[key][waits_for] += sessions

    def saw_waits(self, waits: Iterable[Wait], seconds: float) -> None:
        """`seconds` is how long this look stands for. Whoever waits itself is not the one to blame, if there is one."""
        waits = list(waits)
        waiting = {wait.pid for wait in waits}
        at_its_root = [wait for wait in waits if wait.holder not in waiting] or waits
        now = Counter[tuple[str, str, str, str]]()
        for pid in {wait.pid for wait in waits}:
            own = next((wait for wait in waits if wait.pid == pid), waits[0])
            root = next((wait for wait in at_its_root if wait.pid == pid), at_its_root[0])
            holder = without_values(root.holder_text)
            now[(own.key, without_values(own.text), holder, root.holder_state)] += 1
        for kind, number in now.items():
            self._waited[kind] += number * round(seconds * 1000)
            self._most[kind] = max(self._most[kind], number)

    def called(self) -> list[str]:
        """The keys of the statements that were called, those that took the most time first."""
        last = self._shots[-1][1] if self._shots else {}
        return sorted(last, key=lambda key: -last[key].since(self._base.get(key, NEVER)).ms)

    def facts(self, name: str, allowed: int, span: Span) -> Database:
        begin = (span.steady_from or span.started) - int(span.started)
        end = span.ended - int(span.started)
        first, last = self._around(begin, end)
        counts = {
            key: found.since(first[1].get(key, self._base.get(key, NEVER)))
            for key, found in last[1].items()
            if MARK not in self.texts.get(key, "")
        }
        now, then = (self.counters[-1], self.counters[0]) if self.counters else (Counters(), Counters())
        return Database(
            name=name,
            seconds=last[0] - first[0],
            ms=sum(found.ms for found in counts.values()),
            calls=sum(found.calls for found in counts.values()),
            statements=self._statements(counts, begin, end),
            tables=list(self._tables()),
            waits=[self._wait(kind) for kind, _ in self._waited.most_common(SLOWEST)],
            pools=[pool for client in self._in_use if (pool := self._pool(client, begin, end)) is not None],
            most_connections=self.most_connections,
            allowed_connections=allowed,
            deadlocks=now.deadlocks - then.deadlocks,
            temporary_files=now.temporary_files - then.temporary_files,
            temporary_bytes=now.temporary_bytes - then.temporary_bytes,
        )

    def _around(self, begin: float, end: float) -> tuple[Shot, Shot]:
        nothing: Shot = (0.0, {})
        within = [shot for shot in self._shots if begin <= shot[0] <= end] or self._shots or [nothing]
        return within[0], within[-1]

    def _statements(self, counts: Mapping[str, Counts], begin: float, end: float) -> list[Statement]:
        slowest = sorted(counts, key=lambda key: -counts[key].ms)[:SLOWEST]
        oftenest = sorted(counts, key=lambda key: -counts[key].calls)[:OFTENEST]
        return [
            Statement(
                key,
                without_values(self.texts.get(key, "")),
                *counts[key],
                self._looks(key, begin, end),
                *self._waits_for(key),
            )
            for key in dict.fromkeys([*slowest, *oftenest])
            if counts[key].calls and self.texts.get(key)
        ]

    def _waits_for(self, key: str) -> tuple[str, float]:
        looks = self._at_work.get(key, Counter[str]())
        if sum(looks.values()) < LEAST_AT_WORK:
            return "", 0.0
        waits_for, most = looks.most_common(1)[0]
        return waits_for, most / sum(looks.values()) if waits_for else 0.0

    def _looks(self, key: str, begin: float, end: float) -> list[tuple[float, int]]:
        base = self._base.get(key, NEVER)
        return [(at, shot.get(key, base).calls - base.calls) for at, shot in self._shots if begin <= at <= end]

    def _tables(self) -> Iterable[Table]:
        if len(self.tables) < 2:
            return
        for key, now in self.tables[-1].items():
            then = self.tables[0].get(key, TableCounts(now.name, 0, 0, 0, 0, ()))
            if now.scans > then.scans:
                read = now.rows_read - then.rows_read
                grown = now.added - then.added
                yield Table(now.name, then.rows + grown, now.scans - then.scans, read, list(now.indexed), grown)

    def _wait(self, kind: tuple[str, str, str, str]) -> LockWait:
        key, waiting, holder, state = kind
        return LockWait(waiting, holder, state, self._waited[kind] / 1000, self._most[kind], key)

    def _pool(self, client: str, begin: float, end: float) -> Pool | None:
        looks = [(size, used) for at, size, used in self._in_use[client] if begin <= at <= end]
        size = max((size for size, _ in looks), default=0)
        return Pool(client, size, len(looks), sum(used >= size for _, used in looks)) if size else None
