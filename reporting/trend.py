"""`python -m reporting.trend results/` draws how the last runs went, side by side."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup
from rich.console import Console
from rich.table import Table

from config.errors import OneLineParser, SetupError
from config.results import keep_private
from config.values import at_least
from reporting.past_runs import folders_of_runs, read_verdict
from reporting.verdict import wording
from reporting.verdict.model import Verdict
from reporting.verdict.wording import MARKS, ms, percent, rate
from reporting.views.charts import trend_charts
from reporting.views.console import console
from reporting.views.page import HERE, templates
from reporting.views.run_files import write

FILE_NAME = "trend.html"


def main(arguments: Sequence[str] | None = None) -> int:
    """0, or 2 when there is nothing to draw."""
    options = _parser().parse_args(arguments)
    keep_private()
    try:
        runs = last_runs(options.results, options.number, options.scenario)
        path = options.output or options.results / FILE_NAME
        write(path, page(runs, _way(path.parent, options.results)).encode())
    except (SetupError, OSError) as problem:
        sys.stderr.write(f"error: {problem}\n")
        return 2
    _print(console(), runs, path)
    return 0


def last_runs(results: Path, number: int, scenario: str | None) -> list[tuple[str, Verdict]]:
    """Name and verdict of the last runs, the oldest first. A folder that cannot be read is named and left out."""
    runs: list[tuple[str, Verdict]] = []
    for folder in reversed(folders_of_runs(results)):
        if len(runs) == number:
            break
        try:
            verdict = read_verdict(folder)
        except SetupError as problem:
            sys.stderr.write(f"left out: {problem}\n")
            continue
        if scenario in (None, verdict.scenario):
            runs.insert(0, (folder.name, verdict))
    if not runs:
        of = f" of scenario {scenario}" if scenario else ""
        raise SetupError(f"{results} has no run{of} with a verdict", "name the folder that runs are left in")
    return runs


def _way(here: Path, results: Path) -> str:
    way = os.path.relpath(results, here)
    return "" if way == os.curdir else f"{Path(way).as_posix()}/"


def page(runs: Sequence[tuple[str, Verdict]], to: str = "") -> str:
    """`to` leads from the page to the folders of the runs."""
    css, script = (Markup((HERE / name).read_text(encoding="utf-8")) for name in ("report.css", "report.js"))
    charts = list(trend_charts([verdict for _, verdict in runs]))
    return (
        templates()
        .get_template("trend.html")
        .render(runs=runs, charts=charts, css=css, words=wording, to=to, script=script)
    )


def _print(screen: Console, runs: Sequence[tuple[str, Verdict]], path: Path) -> None:
    table = Table("run", "verdict", title="The last runs")
    for heading in ("users", "req/s", "p50", "p95", "p99", "failed"):
        table.add_column(heading, justify="right")
    for name, verdict in runs:
        steady = verdict.everything.steady
        times = (ms(steady.ok.p50), ms(steady.ok.p95), ms(steady.ok.p99))
        cells = (str(verdict.users.reached), rate(steady), *times, percent(steady.failure_ratio))
        table.add_row(name, MARKS[verdict.verdict], *cells)
    screen.print(table)
    screen.print(f"Written: {path}", markup=False, soft_wrap=True)


def _parser() -> OneLineParser:
    parser = OneLineParser(prog="python -m reporting.trend", description=__doc__)
    parser.add_argument("results", type=Path, help="folder with the folders of runs")
    parser.add_argument("-n", "--number", type=at_least(int, 1), default=20, help="how many runs (default: 20)")
    parser.add_argument("--scenario", help="only runs of this scenario")
    parser.add_argument("--output", type=Path, metavar="FILE", help="default: trend.html in the results folder")
    return parser


if __name__ == "__main__":
    sys.exit(main())
