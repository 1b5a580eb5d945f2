"""NEW beside OLD as tables: for a terminal and Markdown what matters most, for the report every row."""

from collections.abc import Iterator, Sequence

from rich.markup import escape
from rich.table import Table

from reporting.metrics.subjects import ALL, JOURNEY_OF, ROLE
from reporting.verdict.duet_report import DuetReport, DuetRow
from reporting.verdict.duet_texts import failed_text, interval_text, signed, state_text
from reporting.verdict.wording import count, ms

HEAD = ("", "pairs", "p50 new", "p50 old", "p95 new", "p95 old", "difference", "95 %", "failed new / old", "")
SHORT = (0, 1, 2, 3, 6, 7, 9)
"""The columns for which a terminal has room."""
ALWAYS = (ALL[0], ROLE)
PARTS = (("Everything and the roles", ALWAYS), ("Journeys", (JOURNEY_OF,)), ("Endpoints", ("endpoint",)))


def duet_tables(report: DuetReport | None) -> Iterator[Table]:
    """For a terminal: everything, the roles, and what is beyond the noise."""
    if report is None:
        return
    table = Table(title="The new host beside the old one, ms", title_justify="left")
    for at in SHORT:
        table.add_column(HEAD[at], justify="left" if at in (0, SHORT[-1]) else "right")
    for row in chosen(report):
        style = "red" if row.worse else "green" if row.better else ""
        cells = duet_cells(row)
        table.add_row(*(escape(cells[at]) for at in SHORT), style=style)
    if rest := len(report.rows) - len(chosen(report)):
        table.caption, table.caption_justify = f"{count(rest)} more are in the report", "left"
    yield table


def chosen(report: DuetReport) -> list[DuetRow]:
    return [row for row in report.rows if row.kind in ALWAYS or row.worse or row.better]


def duet_parts(report: DuetReport) -> list[tuple[str, list[DuetRow]]]:
    """For the report: the rows by what they are of, the worst first; those that were not compared come last."""
    found = []
    for title, kinds in PARTS:
        rows = [row for row in report.rows if row.kind in kinds]
        found.append((title, rows if kinds == ALWAYS else sorted(rows, key=_worst_first)))
    return [part for part in found if part[1]]


def duet_cells(row: DuetRow) -> Sequence[str]:
    times = (row.new.p50, row.old.p50, row.new.p95, row.old.p95)
    change = "-" if row.change is None else signed(row.change)
    told = (change, interval_text(row), failed_text(row), state_text(row))
    return str(row), count(row.pairs), *map(ms, times), *told


def _worst_first(row: DuetRow) -> tuple[bool, bool, float, str]:
    return not row.worse, row.change is None, -(row.change or 0.0), row.name
