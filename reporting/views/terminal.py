"""The readable end of a run in a terminal: the verdict and why, the roles, where the load went, where the files are."""

from locust.env import Environment

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from config.options import options_of
from reporting.metrics.figures import figures_of, measured_of_kind, sign_in_figures
from reporting.metrics.measurements import Figures, Measured
from reporting.metrics.store import ENDING, RAMP, MetricsStore
from reporting.metrics.subjects import ALL, ROLE, is_request, is_work, rows_of
from reporting.verdict.model import FAIL, INVALID, PASS, Failure
from reporting.verdict.wording import MARKS, count, ms, title, told_beside
from reporting.views.watched_run import WatchedRun

FAILURES_SHOWN = 10
COLOURS = {PASS: "bold green", FAIL: "bold red", INVALID: "bold yellow"}


def print_summary(console: Console, environment: Environment, monitor: WatchedRun) -> None:
    """Prints the figures of each role, and everything a person needs to know to read it rightly."""
    verdict = monitor.verdict
    if verdict is None:
        return
    if verdict.requests:
        console.print(roles_table(monitor.store))
    if verdict.journeys:
        console.print(journeys_table(verdict.journeys))
    if verdict.errors:
        console.print(failures_table(verdict.errors))
    colour = COLOURS[verdict.verdict]
    console.print(f"[{colour}]{MARKS[verdict.verdict]}[/] {escape(title(verdict))}")
    for reason in verdict.reasons:
        console.print(f"- {reason}", markup=False)
    for line in told_beside(verdict):
        console.print(line, markup=False)
    if verdict.sandbox:
        console.print("[yellow]This was the embedded sandbox, not your CMS[/] (name yours with --host).")
    else:
        console.print(f"Host: {verdict.host}", markup=False)
    if options_of(environment).seed:
        console.print(f"Seed: {verdict.seed}", markup=False)
    if monitor.folder is not None:
        console.print(f"Results: {from_here(monitor.folder)}", markup=False)


def from_here(path: Path) -> Path:
    """As one would type it in the current folder; whole when it lies elsewhere."""
    whole, here = path.absolute(), Path.cwd()
    return whole.relative_to(here) if whole.is_relative_to(here) else whole


def roles_table(store: MetricsStore) -> Table:
    """The judged figures of each role, then what came before, after and beside them, then the sum of it all."""
    table = _table("Role", "Results by role", "requests")
    for role, measured in measured_of_kind(store, ROLE).items():
        table.add_row(role, *_cells(measured.steady))
    table.add_section()
    for name, figures in _beside(store):
        if figures.requests:
            table.add_row(name, *_cells(figures))
    table.add_section()
    table.add_row("all", *_cells(figures_of(store.histogram(is_request), 0)))
    return table


def journeys_table(journeys: Mapping[str, Measured]) -> Table:
    """Journeys in the steady state, and how long each took without its think time."""
    table = _table("Journey", "Journeys, without their think time", "done")
    for name, measured in journeys.items():
        table.add_row(name, *_cells(measured.steady))
    return table


def failures_table(errors: Sequence[Failure]) -> Table:
    """The commonest failures first, as many as fit on a screen."""
    table = Table("Times", "Whose", "What failed", title="Why requests failed", title_justify="left")
    for failure in sorted(errors, key=lambda failure: -failure.count)[:FAILURES_SHOWN]:
        table.add_row(count(failure.count), failure.fault, escape(f"{failure.row}: {failure.error}"))
    if len(errors) > FAILURES_SHOWN:
        table.add_row("", "", f"... and {len(errors) - FAILURES_SHOWN} more kinds: see the report")
    return table


def _table(subject: str, told: str, counted: str) -> Table:
    table = Table(subject, title=told, title_justify="left")
    for heading in (counted, "failed", "p50 ms", "p95 ms", "p99 ms"):
        table.add_column(heading, justify="right")
    return table


def _beside(store: MetricsStore) -> Iterator[tuple[str, Figures]]:
    nobody = store.histogram(lambda row: not row[0] and is_work(row), "steady")
    yield "no role", figures_of(nobody, 0)
    yield "ramp-up", figures_of(store.histogram(rows_of(ALL), RAMP), 0)
    yield "shutdown", figures_of(store.histogram(rows_of(ALL), ENDING), 0)
    yield "sign-ins", sign_in_figures(store)


def _cells(figures: Figures) -> list[str]:
    return [
        count(figures.requests),
        count(figures.failures),
        *map(ms, (figures.ok.p50, figures.ok.p95, figures.ok.p99)),
    ]
