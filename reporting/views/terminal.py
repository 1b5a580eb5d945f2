"""The readable end of a run in a terminal: the figures, what is wrong with them, the verdict, where the files are."""

from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from reporting.verdict.fix_first import is_urgent
from reporting.verdict.model import FAIL, INVALID, PASS, Verdict
from reporting.verdict.remedies import remedies
from reporting.verdict.wording import MARKS, notes_of, title
from reporting.views.terminal_tables import tables_of

COLOURS = {PASS: "bold green", FAIL: "bold red", INVALID: "bold yellow"}
REPORT = "report.html"


def print_summary(console: Console, verdict: Verdict, folder: Path | None) -> None:
    """Prints what a person needs to know of a run, the most important last: that is where the terminal stands."""
    for table in tables_of(verdict):
        console.print(table)
    colour = COLOURS[verdict.verdict]
    console.print(f"[{colour}]{MARKS[verdict.verdict]}[/] {escape(title(verdict))}")
    steps = remedies(verdict)
    for reason in verdict.reasons:
        _print_plain(console, [f"- {reason}", *([f"  To do: {steps[reason]}"] if reason in steps else [])])
    _print_plain(console, notes_of(verdict))
    if verdict.sandbox:
        console.print("[yellow]This was the embedded sandbox, not your CMS[/] (name yours with --host).")
    else:
        _print_plain(console, [f"Host: {verdict.host}"])
    if verdict.seed:
        _print_plain(console, [f"Seed: {verdict.seed}"])
    if folder is not None and verdict.outliers and verdict.verdict == FAIL:
        one = verdict.outliers[0] if is_urgent(verdict.fix_first) else verdict.outliers[-1]
        what = one.failure or f"{one.taken:,} ms"
        again = f"venv/bin/python -m commands.replay {from_here(folder)} {one.id}"
        _print_plain(console, [f"Ask again: {again} ({one.route}: {what})"])
    if folder is not None:
        _print_plain(console, [f"Report: {from_here(folder / REPORT)}"])


def from_here(path: Path) -> Path:
    """As one would type it in the current folder; whole when it lies elsewhere."""
    whole, here = path.absolute(), Path.cwd()
    return whole.relative_to(here) if whole.is_relative_to(here) else whole


def _print_plain(console: Console, lines: Iterable[str]) -> None:
    """Text from the API may look like rich's markup."""
    for line in lines:
        console.print(line, markup=False)
