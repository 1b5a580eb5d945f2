"""The tables of the terminal's summary, each only when it has something to say."""

from collections.abc import Iterator, Mapping, Sequence

from rich.markup import escape
from rich.table import Table

from access.findings import AccessReport
from reporting.metrics.measurements import Figures, Measured
from reporting.verdict.model import Failure, Verdict
from reporting.verdict.wording import count, ms, plus_minus, ratio
from reporting.views.access_grid import access_grid
from reporting.views.duet_tables import duet_tables
from reporting.views.integrity_tables import integrity_tables

ENOUGH_SAMPLES = 5
"""Of fewer requests a percentile says nothing that one could act upon."""
SLOWEST_SHOWN = 5
FAILURES_SHOWN = 10
TIMES = ("p50 ms", "p95 ms", "p99 ms")


def tables_of(verdict: Verdict) -> Iterator[Table]:
    """From the whole to the single failure."""
    if not verdict.requests:
        return
    yield _roles(verdict)
    if verdict.capacity is None:
        yield from _slowest(verdict.endpoints)
        yield from _journeys(verdict.journeys)
    yield from duet_tables(verdict.duet)
    yield from _failures(verdict.errors)
    yield from _access(verdict.access)
    yield from integrity_tables(verdict.integrity)


def _roles(verdict: Verdict) -> Table:
    """The judged figures of each role, then what came before, after and beside them."""
    table = _figures_table("Results by role", "Role", "requests")
    for role, measured in verdict.roles.items():
        table.add_row(role, *_cells(measured.steady))
    table.add_row("all roles", *_cells(verdict.everything.steady), style="bold")
    table.add_section()
    beside = {
        "ramp-up": verdict.everything.ramp,
        "shutdown": verdict.everything.ending,
        "sign-ins": verdict.sign_ins,
    }
    for name, figures in beside.items():
        if figures.requests:
            table.add_row(name, *_cells(figures))
    table.caption, table.caption_justify = f"{count(verdict.requests)} requests in all", "left"
    return table


def _slowest(endpoints: Mapping[str, Measured]) -> Iterator[Table]:
    known = {
        name: measured.steady
        for name, measured in endpoints.items()
        if measured.steady.requests >= ENOUGH_SAMPLES and measured.steady.ok.p95 is not None
    }
    slowest = sorted(known, key=lambda name: -(known[name].ok.p95 or 0))[:SLOWEST_SHOWN]
    if not slowest:
        return
    table = _figures_table(f"Slowest endpoints (p95, of at least {ENOUGH_SAMPLES} requests)", "Endpoint", "requests")
    for name in slowest:
        table.add_row(escape(name), *_cells(known[name]))
    yield table


def _journeys(journeys: Mapping[str, Measured]) -> Iterator[Table]:
    """Those that were made often enough, or failed; without their think time."""
    told = {
        name: measured.steady
        for name, measured in journeys.items()
        if measured.steady.requests >= ENOUGH_SAMPLES or measured.steady.failures
    }
    if not told:
        return
    table = _figures_table("Journeys, without their think time", "Journey", "done")
    for name, figures in told.items():
        table.add_row(escape(name), *_cells(figures))
    if rare := len(journeys) - len(told):
        table.caption = f"{rare} more {'was' if rare == 1 else 'were'} made less than {ENOUGH_SAMPLES} times"
        table.caption_justify = "left"
    yield table


def _failures(errors: Sequence[Failure]) -> Iterator[Table]:
    """The commonest first, as many as fit on a screen."""
    if not errors:
        return
    table = Table("Times", "Whose", "What failed", title="Why requests failed", title_justify="left")
    for failure in sorted(errors, key=lambda failure: -failure.count)[:FAILURES_SHOWN]:
        table.add_row(count(failure.count), failure.fault, escape(f"{failure.row}: {failure.error}"))
    if len(errors) > FAILURES_SHOWN:
        table.add_row("", "", f"... and {len(errors) - FAILURES_SHOWN} more kinds: see the report")
    yield table


def _access(report: AccessReport | None) -> Iterator[Table]:
    """The matrix and the first findings, when there are any that are not known."""
    if report is not None and (new := report.new):
        grid = access_grid(report)
        table = Table("Resource", *grid.roles, title="Who may see and do what", title_justify="left")
        for resource, cells in grid.rows:
            table.add_row(resource, *(f"[bold red]{cell.text}[/]" if cell.bad else cell.text for cell in cells))
        yield table
        told = Table("What", "Cell", "Answer", title="Not as access.toml says", title_justify="left")
        for finding in new[:FAILURES_SHOWN]:
            told.add_row(finding.outcome, escape(finding.cell), escape(finding.what))
        if new[FAILURES_SHOWN:]:
            told.add_row("", f"... and {len(new) - FAILURES_SHOWN} more: see the report", "")
        yield told


def _figures_table(told: str, subject: str, counted: str) -> Table:
    table = Table(subject, title=told, title_justify="left")
    for heading in (counted, "failed", *TIMES):
        table.add_column(heading, justify="right")
    return table


def _cells(figures: Figures) -> list[str]:
    times = figures.ok
    p50, p95, p99 = map(ms, (times.p50, times.p95, times.p99))
    return [count(figures.requests), ratio(figures), p50, f"{p95} {plus_minus(figures, 'p95')}".rstrip(), p99]
