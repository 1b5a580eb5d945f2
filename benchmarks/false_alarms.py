"""`python -m benchmarks.false_alarms`: how many comparisons find a change, of simulated runs with and without one."""

import argparse
import math
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from reporting.metrics.measurements import Figures, Measured, Times
from reporting.metrics.timeline import Series, Timeline
from reporting.verdict.comparison import Run, compare
from reporting.verdict.model import Verdict

ROLES, ENDPOINTS = 3, 100
RATE = 25
LEVEL = NOISE = 0.3
SLOWER = (1.0, 1.1, 1.25)
LENGTHS = (60, 300)
RHOS = (0.0, 0.5, 0.9)


def run(rng: np.random.Generator, seconds: int, rho: float, slower: float) -> Run:
    """A run with three roles and a hundred endpoints, all slow at the same moments."""
    steps = rng.standard_normal(seconds)
    for second in range(1, seconds):
        steps[second] = rho * steps[second - 1] + math.sqrt(1 - rho * rho) * steps[second]
    counts = rng.poisson(RATE, seconds)
    moment = np.repeat(np.arange(seconds), counts)
    times = 20.0 * slower * np.exp(LEVEL * steps[moment] + NOISE * rng.standard_normal(len(moment)))
    of_role, of_endpoint = rng.integers(0, ROLES, len(moment)), rng.integers(0, ENDPOINTS, len(moment))
    everything, figures = _series(moment, times, seconds)
    roles = {f"role {one}": _series(moment[of_role == one], times[of_role == one], seconds) for one in range(ROLES)}
    endpoints = {
        f"GET /{one}": _series(moment[of_endpoint == one], times[of_endpoint == one], seconds)
        for one in range(ENDPOINTS)
    }
    timeline = Timeline(1, 0, seconds, [1] * seconds, everything, _first(roles), {}, _first(endpoints))
    verdict = msgspec.structs.replace(
        EMPTY,
        everything=Measured(figures),
        roles={name: Measured(one) for name, (_, one) in roles.items()},
        endpoints={name: Measured(one) for name, (_, one) in endpoints.items()},
    )
    return Run(Path("run"), verdict, timeline)


def _first(found: dict[str, tuple[Series, Figures]]) -> dict[str, Series]:
    return {name: series for name, (series, _) in found.items()}


def _series(moment: Any, times: Any, seconds: int) -> tuple[Series, Figures]:
    by_second = np.split(times, np.searchsorted(moment, np.arange(1, seconds)))
    shares = ([_percentile(part, share) for part in by_second] for share in (0.5, 0.95, 0.99))
    whole = Times(*(_percentile(times, share) for share in (0.5, 0.95, 0.99)))
    figures = Figures(len(times), 0, len(times) / seconds, whole, whole)
    return Series([len(part) for part in by_second], [0] * seconds, *shares), figures


def _percentile(times: Any, share: float) -> float | None:
    return round(float(np.sort(times)[math.ceil(share * len(times)) - 1]), 3) if len(times) else None


def _empty() -> Verdict:
    """A verdict without anything: a comparison reads its figures only."""
    fields: dict[str, Any] = {field.name: None for field in msgspec.structs.fields(Verdict) if field.required}
    return Verdict(**fields)


EMPTY = msgspec.structs.replace(_empty(), journeys={})


def alarms(job: tuple[int, float, float, int]) -> float:
    """The share of comparisons in which something became worse or better."""
    seconds, rho, slower, pairs = job
    found = 0
    for seed in range(pairs):
        rng = np.random.default_rng((seed, seconds))
        changes = compare(run(rng, seconds, rho, 1.0), run(rng, seconds, rho, slower)).changes
        found += any(change.beyond for change in changes)
    return found / pairs


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=400, help="pairs of runs for each cell (default: 400)")
    options = parser.parse_args()
    jobs = [(seconds, rho, slower, options.pairs) for seconds in LENGTHS for rho in RHOS for slower in SLOWER]
    sys.stdout.write("| steady state | dependence | equal runs | 10 % slower | 25 % slower |\n")
    sys.stdout.write("| ---: | --- | ---: | ---: | ---: |\n")
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        shares = list(pool.map(alarms, jobs))
    for at in range(0, len(jobs), len(SLOWER)):
        seconds, rho, *_ = jobs[at]
        cells = " | ".join(f"{share:.1%}".replace("%", " %") for share in shares[at : at + len(SLOWER)])
        sys.stdout.write(f"| {seconds} s | AR(1) {rho:.1f} | {cells} |\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
