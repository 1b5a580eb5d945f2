"""How many requests each role sent to each route, how many failed, and how long they took. Merged over workers."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

ANYONE = ""


@dataclass(slots=True)
class Row:
    """One role on one route: `times` counts answers by whole milliseconds."""

    failures: int = 0
    times: Counter[int] = field(default_factory=Counter)

    @property
    def requests(self) -> int:
        return self.times.total()

    def add(self, other: "Row") -> None:
        self.failures += other.failures
        self.times.update(other.times)

    def percentile(self, share: float) -> int | None:
        """The time in ms within which `share` (0 to 1) of the answers came; None when there was none."""
        wanted = share * self.requests
        passed = 0
        for taken in sorted(self.times):
            passed += self.times[taken]
            if passed >= wanted:
                return taken
        return None


class Figures:
    """All rows of a run so far, by role, method and route name."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str, str], Row] = {}

    def on_request(
        self,
        request_type: str,
        name: str,
        response_time: float,
        context: Mapping[str, Any],
        exception: object = None,
        **_: Any,
    ) -> None:
        """Listens to Locust's request event."""
        row = self._row((context.get("role", ANYONE), request_type, name))
        row.times[round(response_time)] += 1
        if exception is not None:
            row.failures += 1

    @property
    def requests(self) -> int:
        return sum(row.requests for row in self._rows.values())

    def by_role(self) -> dict[str, Row]:
        """One row per role, in the order in which roles first appeared."""
        roles: dict[str, Row] = {}
        for (role, _, _), row in self._rows.items():
            roles.setdefault(role, Row()).add(row)
        return roles

    def total(self) -> Row:
        everything = Row()
        for row in self._rows.values():
            everything.add(row)
        return everything

    def clear(self) -> None:
        self._rows.clear()

    def drain(self) -> list[Any]:
        """Everything counted since the last call, as plain lists for the master; counting starts anew."""
        payload = [[*key, row.failures, list(row.times.items())] for key, row in self._rows.items()]
        self._rows.clear()
        return payload

    def merge(self, payload: Iterable[Any]) -> None:
        """Adds what a worker drained."""
        for role, method, name, failures, times in payload:
            self._row((role, method, name)).add(Row(failures, Counter(dict(times))))

    def _row(self, key: tuple[str, str, str]) -> Row:
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = Row()
        return row
