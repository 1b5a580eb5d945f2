"""`python -m benchmarks.interval_coverage`: how often a 95 % interval holds the truth, over simulated servers."""

import argparse
import math
import os
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from statistics import NormalDist
from typing import Any

import numpy as np

from reporting.metrics.histogram import Histogram, rounded, total
from reporting.verdict.intervals import SHARES, intervals

Times = Any
"""An array of numbers; numpy's own types are known only where it is installed."""
Server = Callable[[np.random.Generator, Times], Times]
"""Answer times in ms, given how slow the server is at each moment, as a standard normal number."""

RATE = 25
LENGTHS = (60, 120, 300)
FAILING = 0.02
LEVEL = NOISE = 0.3
"""The scatter of the logarithm of the times: of the seconds, and of the answers within one."""
SLOW_SHARE = 0.2


def constant(rng: np.random.Generator, level: Times) -> Times:
    return np.full_like(level, 20.0)


def bimodal(rng: np.random.Generator, level: Times) -> Times:
    centre = np.where(rng.random(level.shape) < SLOW_SHARE, 60.0, 8.0)
    return centre * np.exp(0.1 * rng.standard_normal(level.shape))


def heavy_tailed(rng: np.random.Generator, level: Times) -> Times:
    """Pareto: its variance is infinite."""
    return 5.0 * (1.0 - rng.random(level.shape)) ** (-1 / 2)


def wavering(rng: np.random.Generator, level: Times) -> Times:
    return 20.0 * np.exp(LEVEL * level + NOISE * rng.standard_normal(level.shape))


def truth_of(server: Server, share: float) -> float:
    """The exact percentile in ms."""
    normal = NormalDist()
    if server is constant:
        return 20.0
    if server is heavy_tailed:
        return float(5.0 * (1 - share) ** (-1 / 2))
    if server is bimodal:
        inner = (share - (1 - SLOW_SHARE)) / SLOW_SHARE if share > 1 - SLOW_SHARE else share / (1 - SLOW_SHARE)
        return (60.0 if share > 1 - SLOW_SHARE else 8.0) * math.exp(0.1 * normal.inv_cdf(inner))
    return 20.0 * math.exp(math.hypot(LEVEL, NOISE) * normal.inv_cdf(share))


SERVERS: Mapping[str, tuple[Server, float]] = {
    "constant": (constant, 0.0),
    "bimodal": (bimodal, 0.0),
    "heavy-tailed": (heavy_tailed, 0.0),
    **{f"AR(1) {rho:.1f}": (wavering, rho) for rho in (0.0, 0.3, 0.5, 0.7, 0.9)},
}
METRICS = (*SHARES, "failure_ratio", "min_rate")


def covered(name: str, seconds: int, seed: int) -> dict[str, bool]:
    """Of one simulated run: which intervals hold the truth."""
    exact, coarse = parts_of(name, seconds, np.random.default_rng(seed))
    found = intervals(coarse, total(exact), 1)
    server, _ = SERVERS[name]
    truth = {metric: truth_of(server, share) for metric, share in SHARES.items()}
    truth |= {"failure_ratio": FAILING, "min_rate": float(RATE)}
    return {metric: found[metric].spans(truth[metric]) for metric in METRICS}


def parts_of(name: str, seconds: int, rng: np.random.Generator) -> tuple[list[Histogram], list[Histogram]]:
    """What a server of this name answers in each second, exactly and as it is kept over time."""
    server, rho = SERVERS[name]
    counts = rng.poisson(RATE, seconds)
    level = np.repeat(_autoregressive(rng, rho, seconds), counts)
    taken = (server(rng, level) * 1000 + 0.5).astype(np.int64)
    failed = rng.random(len(taken)) < FAILING
    exact: list[Histogram] = []
    coarse: list[Histogram] = []
    at = 0
    for count in counts:
        exact.append(_histogram(taken[at : at + count], failed[at : at + count]))
        coarse.append(Histogram())
        coarse[-1].add_coarsely(exact[-1])
        at += count
    return exact, coarse


def _autoregressive(rng: np.random.Generator, rho: float, seconds: int) -> Times:
    steps = rng.standard_normal(seconds)
    for second in range(1, seconds):
        steps[second] = rho * steps[second - 1] + math.sqrt(1 - rho * rho) * steps[second]
    return steps


def _histogram(taken: Times, failed: Times) -> Histogram:
    histogram = Histogram()
    for time, bad in zip(taken.tolist(), failed.tolist(), strict=True):
        times = histogram.failed if bad else histogram.ok
        step = rounded(time)
        times[step] = times.get(step, 0) + 1
    return histogram


def coverage(job: tuple[str, int, int]) -> dict[str, float]:
    """The share of simulated runs, per metric."""
    name, seconds, runs = job
    found = [covered(name, seconds, seed) for seed in range(runs)]
    return {metric: sum(one[metric] for one in found) / runs for metric in METRICS}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000, help="simulated runs for each cell (default: 1000)")
    options = parser.parse_args()
    jobs = [(name, seconds, options.runs) for seconds in LENGTHS for name in SERVERS]
    sys.stdout.write(
        "| steady state | server | " + " | ".join(METRICS) + " |\n| ---: | --- |" + " ---: |" * len(METRICS) + "\n"
    )
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for (name, seconds, _), shares in zip(jobs, pool.map(coverage, jobs), strict=True):
            cells = " | ".join(f"{shares[metric]:.1%}".replace("%", " %") for metric in METRICS)
            sys.stdout.write(f"| {seconds} s | {name} | {cells} |\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
