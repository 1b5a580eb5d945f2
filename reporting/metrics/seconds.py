"""The run second by second, as incidents are looked for: answers, what was slow or failed, on which routes, why."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from reporting.metrics.histogram import Histogram, percentile
from reporting.metrics.recorder import LAG, NOT_REQUESTS, SAID, Row

US_PER_MS = 1000
NOTICEABLE_MS = 100
"""An answer that is later than usual by less is late for nobody, and is only counted."""
NOTICEABLE_US = NOTICEABLE_MS * US_PER_MS
VERY_LATE_MS = 500
TIMES_THE_MEDIAN = 3.0
DEVIATIONS = 6.0
OF_A_NORMAL_DISTRIBUTION = 1.4826
"""Times the median absolute deviation is the standard deviation."""
ENOUGH_ANSWERS = 10
"""Of a route, to know what is usual there; else what is usual everywhere counts."""
DETAILED_SECONDS = 300
AWAKE_LOOKS = 10
"""Of the twenty a second in which a process measures its own lag: with fewer it was not awake to see anything."""
STEP = 1.25


class Said(NamedTuple):
    """A failure: of which route, and its text."""

    route: str
    text: str


class Second(NamedTuple):
    """What one second showed. `late` counts the slow answers by route, `failed` the failures.

    `longest` is the longest of the slow and failed ones, `shortest` the shortest, both in ms; `very_late` are those
    that anybody would call slow. `awake` is false when the generator itself saw too little of this second.
    """

    at: int
    answers: int = 0
    users: int = 0
    failed: Mapping[Said, int] = {}
    late: Mapping[str, int] = {}
    longest: int = 0
    shortest: int = 0
    very_late: int = 0
    awake: bool = True


@dataclass(frozen=True)
class Usual:
    """In ms, what an answer of each route must pass to be slow."""

    by_route: Mapping[str, float] = field(default_factory=dict)
    elsewhere: float = float(NOTICEABLE_MS)

    @classmethod
    def of(cls, rows: Iterable[tuple[Row, Histogram]]) -> "Usual":
        """By median and median absolute deviation, which a bad spell of less than half of the time leaves alone."""
        by_route: defaultdict[str, Histogram] = defaultdict(Histogram)
        everything = Histogram()
        for row, histogram in rows:
            if row[1] not in NOT_REQUESTS:
                by_route[f"{row[1]} {row[2]}"].add(histogram)
                everything.add(histogram)
        known = {route: found.ok for route, found in by_route.items() if sum(found.ok.values()) >= ENOUGH_ANSWERS}
        return cls({route: _limit(times) for route, times in known.items()}, _limit(everything.ok))

    def limit(self, route: str) -> float:
        return self.by_route.get(route, self.elsewhere)


class SecondBook:
    """Keeps the latest seconds in detail, and of those before only what was bad by what was usual then."""

    def __init__(self) -> None:
        self._details: dict[int, _Details] = {}
        self._users: dict[int, int] = {}
        self._done: list[Second] = []
        self._first: int | None = None

    def add(self, second: int, row: Row, histogram: Histogram) -> None:
        """`second` is since the epoch."""
        if self._first is None or (second < self._first and not self._done):
            self._first = second
        if second >= self._begin:
            self._details.setdefault(second, _Details()).add(row, histogram)

    def saw_users(self, second: int, users: int) -> None:
        self._users[second] = users

    def must_be_packed(self, now: int) -> bool:
        return self._first is not None and now - self._begin > 2 * DETAILED_SECONDS

    def pack(self, usual: Usual, now: int) -> None:
        """Forgets the details of what is long ago."""
        end = now - DETAILED_SECONDS
        self._done += self._judged(usual, self._begin, end)
        self._details = {at: details for at, details in self._details.items() if at >= end}
        self._users = {at: users for at, users in self._users.items() if at >= end - 1}

    def seconds(self, usual: Usual, until: int, since: int = 0) -> list[Second]:
        """All seconds up to, without, `until`; empty ones between are among them."""
        if self._first is None:
            return []
        done = [second for second in self._done if since <= second.at < until]
        return done + self._judged(usual, max(self._begin, since), until)

    @property
    def _begin(self) -> int:
        """The first second that is not packed."""
        return self._done[-1].at + 1 if self._done else self._first or 0

    def _judged(self, usual: Usual, start: int, end: int) -> list[Second]:
        found, users = [], self._users.get(start - 1, 0)
        lag = 0
        for at in range(start, end):
            users = self._users.get(at, users)
            details = self._details.get(at)
            if details is None:
                found.append(Second(at, users=users, awake=False))
                continue
            found.append(details.judged(at, users, usual, max(lag, details.lag)))
            lag = details.lag
        return found


class _Details:
    """One second, before it is known what is usual."""

    __slots__ = ("answers", "failed", "lag", "late", "longest", "looks", "shortest")

    def __init__(self) -> None:
        self.answers = self.looks = self.lag = self.longest = 0
        self.shortest = 0
        self.failed: Counter[Said] = Counter()
        self.late: dict[tuple[str, int], int] = {}

    def add(self, row: Row, histogram: Histogram) -> None:
        kind = row[1]
        if kind == SAID:
            self.failed[Said(row[0], row[2])] += histogram.failures
            self.longest = max(self.longest, max(histogram.failed) // US_PER_MS)
            self.shortest = min(self.shortest or 1 << 30, min(histogram.failed) // US_PER_MS)
        elif kind == LAG:
            self.looks += histogram.requests
            self.lag = max(self.lag, max(histogram.ok, default=0) // US_PER_MS)
        elif kind not in NOT_REQUESTS:
            self.answers += histogram.requests
            if max(histogram.ok, default=0) > NOTICEABLE_US:
                self._add_the_late(f"{kind} {row[2]}", histogram)

    def _add_the_late(self, route: str, histogram: Histogram) -> None:
        for taken, count in histogram.ok.items():
            if taken > NOTICEABLE_US:
                place = route, _rounded_down(taken // US_PER_MS)
                self.late[place] = self.late.get(place, 0) + count

    def judged(self, at: int, users: int, usual: Usual, lag: int) -> Second:
        """Of an answer's time, what the generator itself was late is not the API's."""
        late: Counter[str] = Counter()
        longest, shortest, very_late = self.longest, self.shortest, 0
        for (route, taken), count in self.late.items():
            if taken - lag > usual.limit(route):
                late[route] += count
                very_late += count if taken - lag > max(VERY_LATE_MS, 2 * usual.limit(route)) else 0
                longest = max(longest, taken)
                shortest = min(shortest or taken, taken)
        awake = self.looks >= AWAKE_LOOKS
        return Second(at, self.answers, users, dict(self.failed), dict(late), longest, shortest, very_late, awake)


def _rounded_down(taken: int) -> int:
    """To one of few values, so that a second of a slow API takes no more memory than that of a fast one."""
    bound = float(NOTICEABLE_MS)
    while bound * STEP <= taken:
        bound *= STEP
    return int(bound)


def _limit(times: Mapping[int, int]) -> float:
    median = percentile(dict(times), 0.5)
    if median is None:
        return float(NOTICEABLE_MS)
    distances: Counter[int] = Counter()
    for taken, count in times.items():
        distances[abs(taken - median)] += count
    deviation = OF_A_NORMAL_DISTRIBUTION * (percentile(distances, 0.5) or 0)
    beyond = max(TIMES_THE_MEDIAN * median, median + DEVIATIONS * deviation)
    return max(beyond / US_PER_MS, median / US_PER_MS + NOTICEABLE_MS)
