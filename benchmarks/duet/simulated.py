"""Simulated duets: two servers with slow spells, their own or the machine's, of equal speed or not."""

import math
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any, NamedTuple

import numpy as np

from reporting.metrics.measurements import Figures, Times
from reporting.metrics.pairs import STEP, Cell
from reporting.metrics.subjects import ALL, ENDPOINT, ROLE, Subject
from reporting.verdict.duet_report import DuetData
from reporting.verdict.side_by_side import duet_report

ROLES, ENDPOINTS = 3, 100
RATE = 25
LEVEL = NOISE = 0.3
MEDIAN_MS = 20.0
ORDER = 0.05
"""By so much the second of two answers is faster, on the scale of the logarithm: what the first has read is warm."""
SLOWER = (1.0, 1.02, 1.05, 1.1)
LENGTHS = (60, 180)
OWN, MACHINES = "the host's own", "the machine's"
RHOS = (0.0, 0.5, 0.9)


class Job(NamedTuple):
    """`whose` slow spells they are, and how alike neighbouring seconds are."""

    seconds: int
    whose: str
    rho: float
    slower: float
    duets: int


def duet(rng: np.random.Generator, seconds: int, whose: str, rho: float, slower: float) -> DuetData:
    """Of three roles and a hundred endpoints; NEW takes `slower` times as long."""
    counts = rng.poisson(RATE, seconds)
    moment = np.repeat(np.arange(seconds), counts)
    first = rng.integers(0, 2, len(moment))
    ratio = math.log(slower) + NOISE * math.sqrt(2) * rng.standard_normal(len(moment)) + ORDER * (1 - 2 * first)
    if whose == OWN:
        ratio += LEVEL * (_spells(rng, rho, seconds) - _spells(rng, rho, seconds))[moment]
    keys = 2 * np.rint(ratio / STEP).astype(int) + first
    of_role, of_endpoint = rng.integers(0, ROLES, len(moment)), rng.integers(0, ENDPOINTS, len(moment))
    pairs: dict[Subject, list[Cell]] = {ALL: _cells(moment, keys, seconds)}
    for kind, whole, number in ((ROLE, of_role, ROLES), (ENDPOINT, of_endpoint, ENDPOINTS)):
        for one in range(number):
            pairs[kind, str(one)] = _cells(moment[whole == one], keys[whole == one], seconds)
    figures = dict.fromkeys(pairs, Figures(ok=Times(p50=MEDIAN_MS)))
    return DuetData("http://old", pairs=pairs, old=figures)


def finds_a_difference(job: Job) -> float:
    """The share of duets that find anything worse or better."""
    found = 0
    for seed in range(job.duets):
        rng = np.random.default_rng((seed, job.seconds))
        report = duet_report(duet(rng, job.seconds, job.whose, job.rho, job.slower), {})
        assert report is not None
        found += bool(report.worse or report.better)
    return found / job.duets


def table(duets: int) -> Iterator[str]:
    """The table of docs/statistics.md, line by line."""
    cases = [(seconds, whose, rho) for seconds in LENGTHS for whose in (OWN, MACHINES) for rho in _rhos(whose)]
    jobs = [Job(*case, slower, duets) for case in cases for slower in SLOWER]
    yield (
        "| steady state | slow spells | equal hosts | "
        + " | ".join(f"{one - 1:.0%} slower" for one in SLOWER[1:])
        + " |"
    )
    yield "| ---: | --- |" + " ---: |" * len(SLOWER)
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        shares = list(pool.map(finds_a_difference, jobs))
    for number, (seconds, whose, rho) in enumerate(cases):
        spells = f"{whose}, AR(1) {rho:.1f}" if whose == OWN else whose
        cells = " | ".join(f"{share:.1%}" for share in shares[number * len(SLOWER) :][: len(SLOWER)])
        yield f"| {seconds} s | {spells} | {cells} |".replace("%", " %")


def _rhos(whose: str) -> tuple[float, ...]:
    """Spells of the machine hit both answers of a pair: how long they are does not matter."""
    return RHOS if whose == OWN else (0.0,)


def _spells(rng: np.random.Generator, rho: float, seconds: int) -> Any:
    steps = rng.standard_normal(seconds)
    for second in range(1, seconds):
        steps[second] = rho * steps[second - 1] + math.sqrt(1 - rho * rho) * steps[second]
    return steps


def _cells(moment: Any, keys: Any, seconds: int) -> list[Cell]:
    cells = [Cell() for _ in range(seconds)]
    for second, key in zip(moment.tolist(), keys.tolist(), strict=True):
        ratios = cells[second].ratios
        ratios[key] = ratios.get(key, 0) + 1
    return cells
