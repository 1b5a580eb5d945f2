"""Failures by their cause: one failing request is not told again as the journey that it has stopped."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from reporting.verdict.model import Failure

JOURNEY_ROW = "JOURNEY "


@dataclass
class Cause:
    """One text of failure, whose fault it is, how often it came, and the rows in which it did, the commonest first."""

    error: str
    fault: str
    count: int = 0
    rows: list[tuple[str, int]] = field(default_factory=list)
    journeys: list[str] = field(default_factory=list)


def causes_of(errors: Iterable[Failure]) -> list[Cause]:
    found: dict[str, Cause] = {}
    journeys = []
    for failure in sorted(errors, key=lambda failure: -failure.count):
        if failure.row.startswith(JOURNEY_ROW):
            journeys.append(failure)
            continue
        _add(found, failure)
    for failure in journeys:
        if failure.error in found:
            found[failure.error].journeys.append(failure.row.removeprefix(JOURNEY_ROW))
        else:
            _add(found, failure)
    return sorted(found.values(), key=lambda cause: -cause.count)


def _add(found: dict[str, Cause], failure: Failure) -> None:
    cause = found.setdefault(failure.error, Cause(failure.error, failure.fault))
    cause.count += failure.count
    cause.rows.append((failure.row, failure.count))
