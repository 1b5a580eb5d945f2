"""Pairs of answers to the same step, one of each host: how many times as long the one took, over time."""

import math
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from reporting.metrics.recorder import Row

STEP = 0.005
"""Ratios are counted on a logarithmic scale, in steps of half a percent, the same upwards and downwards."""
MOST = round(math.log(1000) / STEP)
"""Beyond a factor of 1000 it does not matter any more how many times."""
SHORTEST_MS = 0.001
MAX_INTERVALS = 120
"""Twice as many as a judgement needs; see reporting/verdict/dependence.py."""


class Answered(NamedTuple):
    """What one side of a step met with: how long it took in ms, and whether it failed."""

    taken: float
    failed: bool = False


class Cell:
    """The pairs of one row in one interval; `ratios` counts the successful ones by `key_of`.

    `unmatched` are steps of either side that the other did not take.
    """

    __slots__ = ("both_failed", "new_failed", "old_failed", "ratios", "unmatched")

    def __init__(self, ratios: Iterable[tuple[int, int]] = (), counts: Sequence[int] = (0, 0, 0, 0)) -> None:
        self.ratios: dict[int, int] = dict(ratios)
        self.new_failed, self.old_failed, self.both_failed, self.unmatched = counts

    @property
    def counts(self) -> tuple[int, int, int, int]:
        return self.new_failed, self.old_failed, self.both_failed, self.unmatched

    def add(self, other: "Cell") -> None:
        for key, count in other.ratios.items():
            self.ratios[key] = self.ratios.get(key, 0) + count
        self.new_failed += other.new_failed
        self.old_failed += other.old_failed
        self.both_failed += other.both_failed
        self.unmatched += other.unmatched

    def count(self, new: Answered, old: Answered, new_first: bool) -> None:
        if new.failed and old.failed:
            self.both_failed += 1
        elif new.failed:
            self.new_failed += 1
        elif old.failed:
            self.old_failed += 1
        else:
            key = key_of(new.taken, old.taken, new_first)
            self.ratios[key] = self.ratios.get(key, 0) + 1


def key_of(new: float, old: float, new_first: bool) -> int:
    """Where a pair of times in ms is counted: the step of the scale, and which of the two was first."""
    steps = round(math.log(max(new, SHORTEST_MS) / max(old, SHORTEST_MS)) / STEP)
    return 2 * max(-MOST, min(MOST, steps)) + new_first


def steps_of(key: int) -> int:
    return key >> 1


def is_new_first(key: int) -> bool:
    return bool(key & 1)


class PairBook:
    """What the pairs of one process met with; `drain` hands over all that was counted."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._cells: defaultdict[tuple[int, Row], Cell] = defaultdict(Cell)

    def forget(self) -> None:
        """A test starts."""
        self._cells.clear()

    def count(self, row: Row, new: Answered, old: Answered, new_first: bool) -> None:
        """Both sides have taken the same step."""
        self._cells[int(self._clock()), row].count(new, old, new_first)

    def unmatched(self, row: Row) -> None:
        """One side takes a step that the other does not."""
        self._cells[int(self._clock()), row].unmatched += 1

    def drain(self) -> list[Any]:
        """As plain lists that can travel: second, role, method, name, `[key, count, key, count, ...]`, counts."""
        cells, self._cells = self._cells, defaultdict(Cell)
        return [
            [second, *row, [part for pair in cell.ratios.items() for part in pair], list(cell.counts)]
            for (second, row), cell in cells.items()
        ]


class PairHistory:
    """The pairs of all processes in intervals of some seconds, few enough to stay small in a run of days."""

    def __init__(self) -> None:
        self.interval = 1
        self._rows: defaultdict[Row, dict[int, Cell]] = defaultdict(dict)

    def add(self, payload: Iterable[Sequence[Any]], start: int) -> None:
        """What a PairBook has drained; `start` is the second in which the run began."""
        for second, role, method, name, ratios, counts in payload:
            cell = Cell(zip(ratios[::2], ratios[1::2], strict=True), counts)
            at = self._place(second - start)
            self._rows[role, method, name].setdefault(at, Cell()).add(cell)

    def rows(self) -> list[Row]:
        return list(self._rows)

    def of(self, wanted: Callable[[Row], bool], places: range) -> list[Cell]:
        """One cell for each of these intervals, for all rows that are wanted."""
        rows: list[Mapping[int, Cell]] = [cells for row, cells in self._rows.items() if wanted(row)]
        return [_total(cells[at] for cells in rows if at in cells) for at in places]

    def _place(self, second: int) -> int:
        while second // self.interval >= MAX_INTERVALS:
            self._halve()
        return max(0, second // self.interval)

    def _halve(self) -> None:
        self.interval *= 2
        for row, cells in self._rows.items():
            halved: defaultdict[int, Cell] = defaultdict(Cell)
            for at, cell in cells.items():
                halved[at // 2].add(cell)
            self._rows[row] = dict(halved)


def _total(cells: Iterable[Cell]) -> Cell:
    whole = Cell()
    for cell in cells:
        whole.add(cell)
    return whole
