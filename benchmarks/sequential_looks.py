"""`python -m benchmarks.sequential_looks`: how soon --until-sure ends simulated runs, and how often wrongly."""

import argparse
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from statistics import median
from typing import NamedTuple

import numpy as np

from benchmarks.interval_coverage import SERVERS, parts_of, truth_of
from reporting.metrics.histogram import total
from reporting.verdict.intervals import SHARES, intervals
from reporting.verdict.sequential import Agreement, confidence_of_agreeing_looks, looks

SECONDS = 300
AT_LEAST = 20
TRUTHS = (0.5, 0.8, 0.95, 1.05, 1.25, 2.0)
"""The true value as a share of the limit."""


class Cell(NamedTuple):
    server: str
    metric: str
    truth: float
    percent: float
    runs: int


class Outcome(NamedTuple):
    wrong: float
    undecided: float
    seconds: float


def outcome(cell: Cell) -> Outcome:
    """The shares of runs that decide wrongly, and not at all; and the median length of the steady state in seconds."""
    server, _ = SERVERS[cell.server]
    limit = truth_of(server, SHARES[cell.metric]) / cell.truth
    wrong = undecided = 0
    lengths = []
    for seed in range(cell.runs):
        length, kept = _decided(cell, seed, limit)
        lengths.append(length)
        undecided += kept is None
        wrong += kept is not None and kept != (cell.truth < 1)
    return Outcome(wrong / cell.runs, undecided / cell.runs, median(lengths))


def _decided(cell: Cell, seed: int, limit: float) -> tuple[int, bool | None]:
    """After how many seconds, and whether the budget is kept; None when it was not sure until the end."""
    exact, coarse = parts_of(cell.server, SECONDS, np.random.default_rng((seed, 7)))
    times = looks(AT_LEAST, SECONDS)
    agreement, confidence = Agreement(len(times)), confidence_of_agreeing_looks(cell.percent, len(times))
    for length in times:
        found = intervals(coarse[:length], total(exact[:length]), 1, confidence).get(cell.metric)
        clear = found is not None and not found.spans(limit)
        kept = found is not None and found.high is not None and found.high < limit
        if not agreement.undecided({cell.metric: kept if clear else None}):
            return length, kept
    return SECONDS, None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=300, help="simulated runs for each cell (default: 300)")
    parser.add_argument("--percent", type=float, default=95, help="how sure it shall be (default: 95)")
    options = parser.parse_args()
    servers = ("bimodal", "heavy-tailed", "AR(1) 0.0", "AR(1) 0.5", "AR(1) 0.9")
    cells = [Cell(server, "p95", truth, options.percent, options.runs) for server in servers for truth in TRUTHS]
    sys.stdout.write(
        "| server | truth ÷ limit | wrong | not decided in 300 s | median seconds |\n| --- |" + " ---: |" * 4
    )
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for cell, found in zip(cells, pool.map(outcome, cells), strict=True):
            shares = " | ".join(f"{share:.1%}".replace("%", " %") for share in (found.wrong, found.undecided))
            sys.stdout.write(f"\n| {cell.server} | {cell.truth:g} | {shares} | {found.seconds:.0f} |")
    sys.stdout.write("\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
