"""The access matrix as people look at it: resources down, roles across, and in each place what came out."""

from collections.abc import Sequence
from dataclasses import dataclass

from access.findings import AccessReport, MatrixRow
from access.matrix import BROKEN_TOKENS
from config.access_file import ROLES_ASKED

ORDER = (*ROLES_ASKED, *BROKEN_TOKENS)


@dataclass(frozen=True)
class GridCell:
    """`bad` when something there is not as it should be."""

    text: str
    bad: bool = False


@dataclass(frozen=True)
class Grid:
    """`rows` are the resources, each with one cell for each of the `roles`."""

    roles: Sequence[str]
    rows: Sequence[tuple[str, Sequence[GridCell]]]


def access_grid(report: AccessReport) -> Grid:
    roles = sorted({row.role for row in report.matrix}, key=ORDER.index)
    found = {(row.resource, row.role): row for row in report.matrix}
    resources = dict.fromkeys(row.resource for row in report.matrix)
    return Grid(roles, [(resource, [_cell(found.get((resource, role))) for role in roles]) for resource in resources])


def _cell(row: MatrixRow | None) -> GridCell:
    if row is None:
        return GridCell("-")
    bad = (
        (row.leaks, "leak" if row.leaks == 1 else "leaks"),
        (row.wrongly_refused, "wrongly refused"),
    )
    good = ((row.allowed, "allowed"), (row.refused, "refused"), (row.undecided, "undecided"))
    text = ", ".join(f"{number} {what}" for number, what in (*bad, *good) if number)
    return GridCell(text or "-", bool(row.leaks or row.wrongly_refused))
