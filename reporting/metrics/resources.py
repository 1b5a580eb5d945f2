"""What is watched beside the load: how much of each resource was used, from any source on or off this machine."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

import msgspec

from reporting.metrics.database import Database

MAX_POINTS = 1800
"""Of a series; then each two become one, the higher."""


class Sample(NamedTuple):
    """One value of a series, such as `CPU of python 4711` in `% of a core`; at `full` there is no more to be had."""

    series: str
    unit: str
    value: float
    full: float | None = None


class Source(Protocol):
    """Something that is watched while the load goes on: a process, a database, another monitor."""

    def start(self) -> None:
        """Before the load. Raises SetupError when there is nothing to watch."""
        ...

    def sample(self) -> Sequence[Sample]:
        """How it is now. Called every second in a thread, so it may wait, but it must not touch what greenlets use."""
        ...

    def findings(self) -> Sequence[str]:
        """What has happened to it since the start, as sentences."""
        ...


class Span(NamedTuple):
    """When a test was, in seconds since the epoch; `steady_from` is None when it never reached its users."""

    started: float
    steady_from: float | None
    ended: float


@runtime_checkable
class Closing(Protocol):
    """A Source that also does something at the start and at the end of each test, both in a thread."""

    def begin(self, started: float) -> None:
        """A test begins, at so many seconds since the epoch: nothing has been seen yet."""
        ...

    def finish(self, book: "ResourceBook", span: Span) -> None:
        """The load is over: adds to the book what is known only now."""
        ...


class Resource(msgspec.Struct, frozen=True):
    """One series: `points` are seconds since the start of the run, and values."""

    name: str
    unit: str
    full: float | None
    points: list[tuple[int, float]]

    @property
    def most(self) -> float:
        return max((value for _, value in self.points), default=0.0)


class ResourceBook:
    """All series of a run, and what their sources have found."""

    def __init__(self) -> None:
        self.findings: list[str] = []
        self.database: Database | None = None
        self._known: dict[str, Resource] = {}

    def add(self, second: int, samples: Iterable[Sample]) -> None:
        """`second` counts from the start of the run."""
        for name, unit, value, full in samples:
            known = self._known.get(name)
            points = known.points if known is not None else []
            points.append((second, value))
            if len(points) > MAX_POINTS:
                points = [
                    max(pair, key=lambda point: point[1]) for pair in zip(points[::2], points[1::2], strict=False)
                ]
            self._known[name] = Resource(name, unit, full, points)

    def all(self) -> list[Resource]:
        return list(self._known.values())
