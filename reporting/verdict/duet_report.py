"""NEW beside OLD, as it is given to be judged, and as it stands in verdict.json."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from reporting.metrics.measurements import Figures, Interval, Times
from reporting.metrics.pairs import Cell
from reporting.metrics.subjects import Subject


@dataclass(frozen=True)
class DuetData:
    """`pairs` and `old` are by subject; the pairs came in equal intervals of the time in which it is judged."""

    against: str
    sandbox_args: str = ""
    pairs: Mapping[Subject, Sequence[Cell]] = field(default_factory=dict)
    old: Mapping[Subject, Figures] = field(default_factory=dict)
    outside: int = 0
    """Users of OLD that did not get in."""


class DuetRow(msgspec.Struct, frozen=True):
    """One subject on both hosts. `change` is by which share NEW takes longer, in most pairs; below 0, it is faster.

    `late` counts the pairs in which NEW took more than twice as long as OLD, and `early` those of less than half.
    `worse` and `better` say in which ways it is beyond the noise: time, late (when most pairs are not), failures. A row
    without `change` had too few pairs to be compared.
    """

    kind: str
    name: str
    pairs: int
    unmatched: int = 0
    new: Times = Times()
    old: Times = Times()
    change: float | None = None
    interval: Interval | None = None
    would_show: float | None = None
    """The smallest change that would have been found, with a chance of 80 %."""
    late: int = 0
    early: int = 0
    new_failed: int = 0
    """Pairs in which only NEW failed."""
    old_failed: int = 0
    both_failed: int = 0
    worse: list[str] = []
    better: list[str] = []

    @property
    def subject(self) -> Subject:
        return self.kind, self.name

    def __str__(self) -> str:
        return self.name or self.kind


class DuetReport(msgspec.Struct, frozen=True):
    """NEW beside the host `against`, everything first; `sandbox_args` are those of OLD's embedded sandbox."""

    against: str
    rows: list[DuetRow]
    sandbox_args: str = ""
    outside: int = 0
    """Users of OLD that did not get in."""

    @property
    def everything(self) -> DuetRow:
        return self.rows[0]

    @property
    def worse(self) -> list[DuetRow]:
        return [row for row in self.rows if row.worse]

    @property
    def better(self) -> list[DuetRow]:
        return [row for row in self.rows if row.better]
