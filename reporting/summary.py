"""The readable end of a run in a terminal: the roles, where the load went, where the files are."""

from locust.env import Environment

from pathlib import Path

from rich.console import Console
from rich.table import Table

from config.options import options_of
from reporting.figures import Figures, Row

OUTCOMES = {
    0: "[green]No request failed.[/]",
    1: "[red]Requests failed: see the error report above.[/]",
    3: "[red]No request was sent: this run says nothing about the API.[/]",
}


def print_summary(console: Console, environment: Environment, figures: Figures, exit_code: int) -> None:
    """Says what the roles met with, and everything a person needs to know to read it rightly."""
    if figures.requests:
        console.print(roles_table(figures))
    console.print(OUTCOMES.get(exit_code, "[red]The run did not end as it should: see the log above.[/]"))
    options = options_of(environment)
    if hasattr(environment, "sandbox"):
        console.print("[yellow]This was the embedded sandbox, not your CMS[/] (name yours with --host).")
    else:
        console.print(f"Host: {environment.host}", markup=False)
    if options.seed:
        console.print(f"Seed: {options.seed}", markup=False)
    if options.csv_prefix:
        console.print(f"Results: {Path(options.csv_prefix).parent}", markup=False)


def roles_table(figures: Figures) -> Table:
    """One line per role, and one for all."""
    table = Table("Role", title="What each role met with", title_justify="left")
    for heading in ("requests", "failed", "p50 ms", "p95 ms", "p99 ms"):
        table.add_column(heading, justify="right")
    for role, row in figures.by_role().items():
        table.add_row(role or "(no role)", *_cells(row))
    table.add_section()
    table.add_row("all", *_cells(figures.total()))
    return table


def _cells(row: Row) -> list[str]:
    percentiles = [str(row.percentile(share)) for share in (0.5, 0.95, 0.99)]
    return [f"{row.requests:,}", f"{row.failures:,}", *percentiles]
