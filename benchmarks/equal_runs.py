"""`python -m benchmarks.equal_runs FOLDER`: equal real runs, how many pairs look different, and what would be found."""

import argparse
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

from msgspec import structs

from reporting.metrics.measurements import Measured
from reporting.metrics.timeline import Pace, Series
from reporting.past_runs import folders_of_runs, read_run
from reporting.verdict.comparison import Run, compare

ROOT = Path(__file__).resolve().parent.parent
SLOWER = (1.1, 1.25, 1.5, 2.0)
EVERY = 4
"""Of the pairs, so many are enough to see what is found."""
KINDS = ("roles", "journeys", "endpoints")
PERCENTILES = ("p50", "p95", "p99")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the runs go; those that it holds count, too")
    parser.add_argument(
        "--runs", type=int, default=21, help="how many there shall be (default: 21, which are 210 pairs)"
    )
    parser.add_argument("--seconds", type=int, default=45, help="of each run (default: 45)")
    options = parser.parse_args()
    for number in range(len(folders_of_runs(options.folder)), options.runs):
        _run(options.folder, number, options.seconds)
    runs = [read_run(folder) for folder in folders_of_runs(options.folder)]
    sys.stdout.write("\n".join([*_table(runs), ""]))
    return 0


def _table(runs: Sequence[Run]) -> Iterator[str]:
    """How many pairs look different as they are, and how many are found slower when the later one is made so."""
    pairs = list(combinations(runs, 2))
    some = pairs[::EVERY]
    yield "| | equal | " + " | ".join(f"{100 * (slower - 1):.0f} % slower" for slower in SLOWER) + " |"
    yield "| --- |" + " ---: |" * (1 + len(SLOWER))
    for name, as_seen in (("with the machine's pace", _itself), ("without", _without_pace)):
        alarms = sum(bool(compare(as_seen(then), as_seen(now)).by_importance) for then, now in pairs)
        found = [
            sum(bool(compare(as_seen(then), _slowed(as_seen(now), slower)).worse) for then, now in some)
            for slower in SLOWER
        ]
        cells = (f"{alarms} of {len(pairs)}", *(f"{one} of {len(some)}" for one in found))
        yield f"| {name} | {' | '.join(cells)} |"


def _itself(run: Run) -> Run:
    return run


def _without_pace(run: Run) -> Run:
    return replace(run, timeline=structs.replace(run.timeline, pace=Pace()))


def _slowed(run: Run, slower: float) -> Run:
    """The same run with all its answers so many times as late."""

    def series(one: Series) -> Series:
        times = {name: [value and value * slower for value in getattr(one, name)] for name in PERCENTILES}
        return structs.replace(one, **times)

    def measured(one: Measured) -> Measured:
        ok = one.steady.ok
        times = {name: (getattr(ok, name) or 0.0) * slower for name in PERCENTILES}
        return structs.replace(one, steady=structs.replace(one.steady, ok=structs.replace(ok, **times)))

    timeline = structs.replace(
        run.timeline,
        everything=series(run.timeline.everything),
        **{kind: {name: series(one) for name, one in getattr(run.timeline, kind).items()} for kind in KINDS},
    )
    verdict = structs.replace(
        run.verdict,
        everything=measured(run.verdict.everything),
        **{kind: {name: measured(one) for name, one in getattr(run.verdict, kind).items()} for kind in KINDS},
    )
    return replace(run, timeline=timeline, verdict=verdict)


def _run(folder: Path, number: int, seconds: int) -> None:
    """Twenty users who think for half a second; whatever the verdict is, its figures count."""
    load = ("--users", "20", "--spawn-rate", "20", "--think-time", "0.3-0.7", "--run-time", f"{seconds}s")
    command = [sys.executable, "-m", "locust", "--headless", *load, "--seed", str(number), "--results", str(folder)]
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


if __name__ == "__main__":
    sys.exit(main())
