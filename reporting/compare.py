"""`python -m reporting.compare RUN_A RUN_B` holds one run against another."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from config.errors import OneLineParser, SetupError
from reporting.metrics.subjects import Subject
from reporting.past_runs import read_run
from reporting.verdict.alike import refuse_unlike
from reporting.verdict.comparison import METRICS, Change, Comparison, compare
from reporting.verdict.digits import three_digits
from reporting.verdict.significance import ERROR_RATE, MIN_VALUES
from reporting.views.console import console
from reporting.views.run_files import write

HOW = (
    "Judged by a rank test (Mann-Whitney) over the intervals of both steady states, with Holm's correction: equal "
    f"runs show any change in one of {1 / ERROR_RATE:.0f} comparisons. With fewer than {MIN_VALUES} intervals: `?`."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """0: nothing became worse; 1: something did, beyond the noise; 2: the runs cannot be compared."""
    options = _parser().parse_args(arguments)
    try:
        before, after = read_run(options.before), read_run(options.after)
        if not options.anyway:
            refuse_unlike(before.verdict, after.verdict)
        comparison = compare(before, after)
        path = options.output or options.after / f"compared-with-{before.folder.resolve().name}.md"
        write(path, markdown(comparison).encode())
    except (SetupError, OSError) as problem:
        sys.stderr.write(f"error: {problem}\n")
        return 2
    _print(console(), comparison, path)
    return 1 if comparison.worse else 0


def markdown(comparison: Comparison) -> str:
    """The table as text that can be pasted into a pull request."""
    lines = [f"# {comparison.before.folder.name} and {comparison.after.folder.name}", "", verdict_line(comparison), ""]
    lines += ["| | " + " | ".join(METRICS) + " |", "| --- " * (len(METRICS) + 1) + "|"]
    lines += ["| " + " | ".join([name, *cells]) + " |" for name, cells in table_rows(comparison)]
    for what, subjects in (("Added", comparison.added), ("Gone", comparison.gone)):
        if subjects:
            lines += ["", f"{what}: {', '.join(map(named, subjects))}"]
    return "\n".join([*lines, "", HOW, ""])


def verdict_line(comparison: Comparison) -> str:
    worse, better = comparison.worse, [change for change in comparison.changes if change.better]
    cautions = "".join(f" {caution[0].upper()}{caution[1:]}." for caution in comparison.cautions)
    if worse or better:
        return f"Beyond the noise: {len(worse)} worse, {len(better)} better.{cautions}"
    return f"Nothing changed beyond the noise{comparison.at_worst and f'; {comparison.at_worst}'}.{cautions}"


def table_rows(comparison: Comparison) -> Iterator[tuple[str, list[str]]]:
    """One row per subject, what matters most first: `23 -> 224 (+874 %) worse` is beyond the noise."""
    by_subject: dict[Subject, dict[str, Change]] = {}
    for change in (*comparison.by_importance, *comparison.changes):
        by_subject.setdefault(change.subject, {})[change.metric] = change
    for subject, changes in by_subject.items():
        yield named(subject), [_cell(changes[metric]) for metric in METRICS]


def named(subject: Subject) -> str:
    return subject[1] or subject[0]


def _cell(change: Change) -> str:
    before, after = ("-" if value is None else three_digits(value) for value in (change.before, change.after))
    if not change.beyond:
        return f"{before} -> {after}{'' if change.p is not None else ' ?'}"
    by = "" if change.share is None else f" ({change.share:+.0%})".replace("%", " %")
    return f"{before} -> {after}{by} {'worse' if change.worse else 'better'}"


def _print(screen: Console, comparison: Comparison, path: Path) -> None:
    table = Table(title=f"{comparison.before.folder.name} -> {comparison.after.folder.name}")
    table.add_column("", overflow="fold")
    for metric in METRICS:
        table.add_column(metric, justify="right", no_wrap=True)
    for name, cells in table_rows(comparison):
        table.add_row(name, *(_coloured(cell) for cell in cells))
    screen.print(table)
    for what, subjects in (("Added", comparison.added), ("Gone", comparison.gone)):
        if subjects:
            screen.print(f"{what}: {', '.join(map(named, subjects))}", markup=False)
    screen.print(verdict_line(comparison), markup=False)
    if any(change.p is None for change in comparison.changes):
        screen.print(f"? too few intervals to tell (at least {MIN_VALUES} on both sides)", markup=False)
    screen.print(f"Written: {path}", markup=False, soft_wrap=True)


def _coloured(cell: str) -> str:
    if cell.endswith("worse"):
        return f"[red]{cell}[/]"
    return f"[green]{cell}[/]" if cell.endswith("better") else cell


def _parser() -> OneLineParser:
    parser = OneLineParser(prog="python -m reporting.compare", description=__doc__)
    parser.add_argument("before", type=Path, metavar="RUN_A", help="folder of the earlier run")
    parser.add_argument("after", type=Path, metavar="RUN_B", help="folder of the later run")
    parser.add_argument("--anyway", action="store_true", help="compare runs that are not alike")
    parser.add_argument("--output", type=Path, metavar="FILE", help="default: compared-with-RUN_A.md in RUN_B")
    return parser


if __name__ == "__main__":
    sys.exit(main())
