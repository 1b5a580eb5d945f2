"""`python -m benchmarks.duet FOLDER`: how often equal hosts differ, and what a duet finds on a restless machine."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

from benchmarks.duet.real_runs import duet, single
from benchmarks.duet.restless import restless_machine
from benchmarks.duet.simulated import table
from reporting.metrics.subjects import ALL, ROLE
from reporting.verdict.comparison import Run, compare
from reporting.verdict.duet_texts import reasons_of_duet

HEADLINE = (ALL[0], ROLE)
PARTS = SIMULATED, EQUAL, RESTLESS = "simulated", "equal", "restless"
OLD_MS = 25
"""What OLD adds to each answer on the restless machine."""
DUETS, PAIRS = (25, 26, 27, 28, 30), (25, 28, 30, 35)
"""And NEW, in duets, and in single runs that are compared afterwards."""


def equal_runs(folder: Path, runs: int, seconds: float) -> Iterator[str]:
    """How many duets of equal sandboxes find any difference."""
    alarms = 0
    for seed in range(runs):
        report = duet(folder, seed, seconds).verdict.duet
        assert report is not None
        alarms += bool(report.worse or report.better)
        if report.worse or report.better:
            named = ", ".join(f"{row} {row.change}" for row in (*report.worse, *report.better))
            yield f"run {seed}: {named} ({'; '.join(reasons_of_duet(report)) or 'better'})"
    yield f"{alarms} of {runs} duets of equal sandboxes find a difference ({alarms / runs:.1%})"


def restless(folder: Path, duets: int, singles: int, seconds: float) -> Iterator[str]:
    """How often a slowdown is found in everything or in a role, by duets, and by --baseline between two single runs."""
    yield "| OLD adds | NEW adds | a duet finds it | --baseline finds it |"
    yield "| ---: | ---: | ---: | ---: |"
    before = [_single(folder / "before", seed, seconds, OLD_MS) for seed in range(singles)]
    for new in sorted({*DUETS, *PAIRS}):
        by_duet = by_pair = "-"
        if new in DUETS:
            by_duet = _share([_duet_finds(folder / f"duet-{new}", seed, seconds, new) for seed in range(duets)])
        if new in PAIRS:
            after = [_single(folder / f"after-{new}", singles + seed, seconds, new) for seed in range(singles)]
            by_pair = _share([_pair_finds(one, other) for one, other in product(before, after)])
        yield f"| {OLD_MS} ms | {new} ms | {by_duet} | {by_pair} |"


def _duet_finds(folder: Path, seed: int, seconds: float, new: int) -> bool:
    with restless_machine(seed):
        report = duet(folder, seed, seconds, new, OLD_MS).verdict.duet
    return report is not None and any(row.kind in HEADLINE for row in report.worse)


def _single(folder: Path, seed: int, seconds: float, latency: int) -> Run:
    with restless_machine(seed):
        return single(folder, seed, seconds, latency)


def _pair_finds(before: Run, after: Run) -> bool:
    return any(change.subject[0] in HEADLINE for change in compare(before, after).worse)


def _share(found: Sequence[bool]) -> str:
    return f"{sum(found)} of {len(found)}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.duet", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the runs go; those that it holds count, too")
    parser.add_argument("--only", choices=PARTS, help="one part (default: all)")
    parser.add_argument("--duets", type=int, default=100, help="simulated duets for each cell (default: 100)")
    parser.add_argument("--runs", type=int, default=100, help="real duets of equal sandboxes (default: 100)")
    parser.add_argument("--seconds", type=float, default=15, help="of each of these (default: 15)")
    parser.add_argument("--tries", type=int, default=5, help="duets of each slowdown (default: 5)")
    parser.add_argument("--singles", type=int, default=3, help="single runs of each, held against as many (default: 3)")
    parser.add_argument("--try-seconds", type=float, default=25, help="of each of these (default: 25)")
    options = parser.parse_args()
    parts = {
        SIMULATED: lambda: table(options.duets),
        EQUAL: lambda: equal_runs(options.folder / EQUAL, options.runs, options.seconds),
        RESTLESS: lambda: restless(options.folder / RESTLESS, options.tries, options.singles, options.try_seconds),
    }
    for part in [options.only] if options.only else PARTS:
        for line in parts[part]():
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
