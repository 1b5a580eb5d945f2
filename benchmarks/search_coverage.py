"""`python -m benchmarks.search_coverage`: how often a search's interval holds the limit, and how long it takes."""

import argparse
import os
import sys
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from statistics import median

from msgspec.structs import replace

from benchmarks.limited_server import KINDS, LimitedServer, truth_of
from config.budget_file import Budget
from reporting.metrics.figures import figures_of
from reporting.metrics.histogram import Histogram, total
from reporting.metrics.store import Window
from reporting.verdict.budgets import judge
from reporting.verdict.capacity import Plan, Search
from reporting.verdict.intervals import intervals
from reporting.verdict.model import Capacity, Step
from reporting.verdict.steps import step_of

LIMIT_MS = 400.0
CAPACITIES = (4, 15, 40)
SPAWN_RATE = 10
BUDGETS = (Budget("everything", "", "p95", LIMIT_MS), Budget("everything", "", "failure_ratio", 0.01))
PLAN = Plan(step=25, most=1000, settle=10, hold=30, patience=1.5, spawn_rate=SPAWN_RATE)


@dataclass(frozen=True)
class Job:
    kind: str
    capacity: int
    seed: int


@dataclass(frozen=True)
class Found:
    capacity: Capacity
    seconds: int

    def covers(self, truth: int) -> bool:
        """Whether the interval holds the most users that the server can hold in the long run."""
        found = self.capacity.interval
        return found is not None and (found.spans(truth) or found.spans(truth + 1))


def found_by(job: Job) -> Found:
    """What one search finds on one server."""
    server = LimitedServer(KINDS[job.kind], job.capacity, job.seed + 1)
    search = Search(PLAN, Window, lambda users, window: _judged(server, users, window))
    second = there = 0
    while (users := search.tick(float(second), there)) is not None:
        there += max(-SPAWN_RATE, min(SPAWN_RATE, users - there))
        server.serve(second, there)
        second += 1
    assert search.capacity is not None
    return Found(search.capacity, second)


def _judged(server: LimitedServer, users: int, window: Window) -> Step:
    exact = [server.seconds[second] for second in range(window.start, window.end)]
    whole = total(exact)
    found = intervals([_coarse(one) for one in exact], whole, 1, PLAN.confidence)
    figures = replace(figures_of(whole, window.seconds), intervals=found)
    return step_of(users, window.seconds, figures, judge({("everything", ""): figures}, BUDGETS), [])


def _coarse(exact: Histogram) -> Histogram:
    coarse = Histogram()
    coarse.add_coarsely(exact)
    return coarse


def row_of(job: Job, truth: int, all_found: Iterable[Found]) -> str:
    found = list(all_found)
    covered = sum(one.covers(truth) for one in found) / len(found)
    off = median(abs((one.capacity.users or 0) - truth) / truth for one in found)
    ends = [one.capacity.interval for one in found if one.capacity.interval is not None]
    low, high = (median(ends) for ends in ([end.low or 0 for end in ends], [end.high or PLAN.most for end in ends]))
    steps, seconds = median(len(one.capacity.steps) for one in found), median(one.seconds for one in found)
    shares = " | ".join(f"{share:.1%}".replace("%", " %") for share in (covered, off))
    return f"| {job.kind} | {truth} | {shares} | {low:g} to {high:g} | {steps:g} | {seconds:g} |\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--searches", type=int, default=100, help="simulated searches for each server (default: 100)")
    options = parser.parse_args()
    cells = [Job(kind, capacity, 0) for kind in KINDS for capacity in CAPACITIES]
    head = "| server | its limit | covered | off by | median interval | steps | seconds |\n| --- |" + " ---: |" * 6
    sys.stdout.write(head + "\n")
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        truths = pool.map(truth_of, *zip(*[(KINDS[cell.kind], cell.capacity, LIMIT_MS) for cell in cells], strict=True))
        for cell, truth in zip(cells, truths, strict=True):
            jobs = [Job(cell.kind, cell.capacity, seed) for seed in range(options.searches)]
            sys.stdout.write(row_of(cell, truth, pool.map(found_by, jobs)))
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
