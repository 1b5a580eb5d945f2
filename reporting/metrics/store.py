"""The figures of one run, merged from all processes: by phase, over time, and in any window that is being watched."""

import math
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from reporting.metrics.histogram import Histogram, rounded, total
from reporting.metrics.history import History
from reporting.metrics.outliers import OutlierBook
from reporting.metrics.recorder import NOT_REQUESTS, SAID, Row
from reporting.metrics.resources import ResourceBook
from reporting.metrics.row_kinds import is_work
from reporting.metrics.seconds import SecondBook
from users.effort import Effort, together
from users.roster import Standing

RAMP, STEADY, ENDING = "ramp", "steady", "ending"
PHASES = (RAMP, STEADY, ENDING)
MAX_CLOCK_SKEW_SECONDS = 2.0
THIS_PROCESS = "this process"
EVERYTHING: Row = ("", "", "")


@dataclass
class Window:
    """Part of a run, from second `start` up to but without second `end` (both since the epoch)."""

    start: int
    end: int
    _rows: defaultdict[int, dict[Row, Histogram]] = field(default_factory=lambda: defaultdict(dict))

    @property
    def seconds(self) -> int:
        return max(0, self.end - self.start)

    def add(self, second: int, row: Row, histogram: Histogram) -> None:
        """What came in a second; of one outside the window nothing is kept."""
        if self.start <= second < self.end:
            self._rows[second].setdefault(row, Histogram()).add(histogram)

    def first(self, seconds: int) -> "Window":
        """Its beginning, with all that has come there."""
        return Window(self.start, min(self.end, self.start + seconds), self._rows)

    def histogram(self, wanted: Callable[[Row], bool]) -> Histogram:
        return total(self._each_second(wanted))

    def parts(self, wanted: Callable[[Row], bool]) -> list[Histogram]:
        """One histogram per second, on the coarse scale."""
        parts = []
        for exact in self._each_second(wanted):
            parts.append(Histogram())
            parts[-1].add_coarsely(exact)
        return parts

    def _each_second(self, wanted: Callable[[Row], bool]) -> Iterator[Histogram]:
        for second in range(self.start, self.end):
            rows = self._rows.get(second, {})
            yield total(histogram for row, histogram in rows.items() if wanted(row))


class MetricsStore:
    """Filled on the process that judges; `add` takes what recorders drain."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self.open()

    def open(self) -> None:
        """A run starts: nothing has been measured yet."""
        self.started = self._clock()
        self.steady_from: float | None = None
        self.stopping_from: float | None = None
        self.history = History()
        self.everything_over_time = History(exact=True)
        self.book = SecondBook()
        self.outliers = OutlierBook()
        self.resources = ResourceBook()
        self._most_users = 0
        self.idle_users = 0
        """The most that, at one moment, neither waited for an answer nor thought, and had not for long."""
        self.idle_seconds = 0.0
        """The longest time for which one of them had not."""
        self._standings: dict[str, Standing] = {}
        self._efforts: dict[str, Effort] = {}
        self.sent_by: Counter[str] = Counter()
        """Requests, by process."""
        self._phases: dict[str, dict[Row, Histogram]] = {phase: defaultdict(Histogram) for phase in PHASES}
        self._windows: list[Window] = []

    def add(self, payload: Iterable[list[Any]], sent_at: float | None = None, process: str = THIS_PROCESS) -> None:
        """`sent_at` is the clock of the sending `process`, by which a clock that is wrong is put right."""
        shift = clock_shift(self._clock(), sent_at)
        for second, role, method, name, ok, failed, *size in payload:
            good, bad = (zip(times[::2], times[1::2], strict=True) for times in (ok, failed))
            histogram = Histogram(good, bad, sum(size))
            self._add(second + shift, (role, method, name), histogram)
            if method not in NOT_REQUESTS:
                self.sent_by[process] += histogram.requests

    def saw_users(self, users: int) -> None:
        """How many users there are now, in all processes."""
        self._most_users = max(self._most_users, users)
        now = int(self._clock())
        self.history.saw_users(now - int(self.started), users)
        self.book.saw_users(now, users)

    def saw_standing(self, process: str, standing: Standing) -> None:
        """How the users of a process stand now; once the load has ended, only who had got in before is news."""
        if self.stopping_from is not None:
            before = self._standings.get(process, Standing())
            standing = msgspec.structs.replace(before, settled=max(before.settled, standing.settled))
        self._standings[process] = standing
        self.idle_users = max(self.idle_users, sum(one.idle for one in self._standings.values()))
        self.idle_seconds = max(self.idle_seconds, standing.idle_seconds)

    def saw_effort(self, process: str, effort: Effort) -> None:
        """What the users of a process have done since the test began."""
        self._efforts[process] = effort

    @property
    def effort(self) -> Effort:
        """What the users of all processes have done."""
        return together(self._efforts.values())

    @property
    def settled_by_process(self) -> Mapping[str, int]:
        """How many users have got in, in each process."""
        return {process: standing.settled for process, standing in self._standings.items()}

    @property
    def unsettled(self) -> Mapping[str, int]:
        """Users of each role that had not got in, at the latest look."""
        return sum((Counter(standing.unsettled) for standing in self._standings.values()), Counter())

    @property
    def users_reached(self) -> int:
        """The most users there were, less those that did not get in; who was about to is not counted as one."""
        got_in = sum(standing.settled + standing.arriving for standing in self._standings.values())
        return min(self._most_users, got_in)

    def lost(self, process: str) -> None:
        """Nobody knows of its users any more, but that they had got in."""
        if process in self._standings:
            self._standings[process] = Standing(settled=self._standings[process].settled)

    def overdue(self, wanted: Callable[[Row], bool]) -> Histogram:
        """The requests that wait for their answer for long, as failures of their age."""
        waiting = [one for standing in self._standings.values() for one in standing.overdue]
        ages = Counter(rounded(one.age * 1000) for one in waiting if wanted((one.role, one.method, one.path)))
        return Histogram(failed=ages.items())

    def reached_its_users(self) -> None:
        """The ramp is over, unless it was before."""
        self.steady_from = self.steady_from or self._clock()

    def is_stopping(self) -> None:
        self.stopping_from = self.stopping_from or self._clock()

    def watch(self, start: int, end: int) -> Window:
        """A window that will hold what comes in its seconds."""
        self._windows = [window for window in self._windows if window.end > self._clock() - 60]
        self._windows.append(Window(start, end))
        return self._windows[-1]

    def watched_now(self) -> Window | None:
        """The window that this very second belongs to."""
        now = self._clock()
        return next((window for window in self._windows if window.start <= now < window.end), None)

    def histogram(self, wanted: Callable[[Row], bool], *phases: str) -> Histogram:
        """All rows that are wanted, in these phases (in all when none is named)."""
        return total(histogram for row, histogram in self.rows(*phases) if wanted(row))

    def rows(self, *phases: str) -> Iterator[tuple[Row, Histogram]]:
        """A row comes once for each phase that it was in."""
        for phase in phases or PHASES:
            yield from self._phases[phase].items()

    def seconds(self, *phases: str) -> int:
        """How long these phases were, so far; requests are counted by whole seconds, so this is whole too."""
        end = int(self.stopping_from or self._clock())
        steady = end if self.steady_from is None else min(int(self.steady_from) + 1, end)
        lengths = {RAMP: steady - int(self.started), STEADY: end - steady, ENDING: 0}
        return sum(max(0, lengths[phase]) for phase in phases or PHASES)

    def steady_intervals(self) -> range:
        """Those of the history that lie in the steady state as a whole."""
        length = self.history.interval
        return range(math.ceil(self.seconds(RAMP) / length), int(self.seconds() / length))

    @property
    def requests(self) -> int:
        """Everything that was sent, whatever for."""
        return sum(histogram.requests for (_, method, _), histogram in self.rows() if method not in NOT_REQUESTS)

    def _add(self, second: int, row: Row, histogram: Histogram) -> None:
        self.book.add(second, row, histogram)
        if row[1] == SAID:
            return
        self._phases[self._phase_of(second)][row].add(histogram)
        self.history.add(row, second - int(self.started), histogram)
        if is_work(row):
            self.everything_over_time.add(EVERYTHING, second - int(self.started), histogram)
        for window in self._windows:
            window.add(second, row, histogram)

    def _phase_of(self, second: int) -> str:
        if self.stopping_from is not None and second >= int(self.stopping_from):
            return ENDING
        return RAMP if self.steady_from is None or second <= int(self.steady_from) else STEADY


def clock_shift(now: float, sent_at: float | None) -> int:
    """The seconds by which the clock of whoever sent something is wrong; 0 when it is about right, or unknown."""
    shift = round(now - sent_at) if sent_at else 0
    return shift if abs(shift) > MAX_CLOCK_SKEW_SECONDS else 0
