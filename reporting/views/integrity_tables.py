"""What the races of a run found, as tables: the invariants, and the requests of each breach."""

from collections.abc import Iterator, Sequence

from rich.markup import escape
from rich.table import Table

from integrity.breaches import Breach, IntegrityReport

BREACHES_SHOWN = 3
HEAD = ("invariant", "kept", "broken", "undecided")
REQUEST_HEAD = ("ms", "who", "request", "answer")


def integrity_tables(report: IntegrityReport | None) -> Iterator[Table]:
    """For a terminal: nothing when all held; the file has the requests."""
    if report is None or not report.broken:
        return
    table = Table("Invariant", title="What held when people met", title_justify="left")
    for heading in HEAD[1:]:
        table.add_column(heading, justify="right")
    for row in invariant_rows(report):
        table.add_row(*row)
    yield table
    told = Table("Invariant", "Breach", "Again", title="What did not hold", title_justify="left")
    for breach in report.breaches[:BREACHES_SHOWN]:
        told.add_row(breach.invariant, escape(breach.what), escape(breach.again))
    if report.breaches[BREACHES_SHOWN:]:
        told.add_row("", f"... and {len(report.breaches) - BREACHES_SHOWN} more: see the report", "")
    yield told


def invariant_rows(report: IntegrityReport) -> list[Sequence[str]]:
    return [(row.invariant, f"{row.kept:,}", f"{row.broken:,}", f"{row.undecided:,}") for row in report.rows]


def request_rows(breach: Breach) -> list[Sequence[str]]:
    """When it was sent and answered, by whom, what, and what came."""
    return [(f"{sent.ms[0]} to {sent.ms[1]}", sent.who, sent.request, sent.answer) for sent in breach.requests]
