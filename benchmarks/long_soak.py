"""`python -m benchmarks.long_soak`: the CPU time of a long soak's end, and of a comparison of two of them."""

import argparse
import contextlib
import io
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from random import Random

from api.endpoints import ENDPOINTS
from reporting.compare import main as compare
from reporting.metrics.growth import growth_of
from reporting.metrics.histogram import rounded
from reporting.metrics.latency_intervals import latency_intervals
from reporting.metrics.observed import all_observed
from reporting.metrics.store import MetricsStore
from reporting.metrics.timeline import timeline_of
from reporting.verdict.build import build_verdict
from reporting.views.run_files import write_files
from tests.written_runs import run_data
from users.roster import Standing

USERS, ROLES = 50, ("admin", "doctor", "patient")
ROWS_PER_SECOND, ANSWERS_PER_ROW = 12, 3
"""As 50 users with the usual think time send."""
STARTED, RAMP_SECONDS = 1_000_000, 5


def filled_store(seconds: int, seed: int) -> MetricsStore:
    """What the process that judges has counted when the soak ends."""
    rng, now = Random(seed), float(STARTED)
    store = MetricsStore(lambda: now)
    now += RAMP_SECONDS
    store.reached_its_users()
    now += seconds
    store.saw_users(USERS)
    store.saw_standing("this process", Standing(settled=USERS))
    store.is_stopping()
    for second in range(STARTED, int(now)):
        store.add([_row(rng, second) for _ in range(ROWS_PER_SECOND)])
    return store


def end_of_the_run(store: MetricsStore, seconds: int, folder: Path) -> None:
    """Everything from the figures to the files."""
    seen = all_observed(store)
    data = replace(run_data(store, seconds, USERS, seen), growth=growth_of(store))
    write_files(folder, build_verdict(data), timeline_of(store, seen), latency_intervals(store))


def cpu_of(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=4.0, help="length of the soak (default: 4)")
    seconds = round(parser.parse_args().hours * 3600)
    with tempfile.TemporaryDirectory() as name:
        folders = [Path(name) / run for run in ("before", "after")]
        ends = []
        for seed, folder in enumerate(folders):
            store = filled_store(seconds, seed)
            ends.append(cpu_of(partial(end_of_the_run, store, seconds, folder)))
        with contextlib.redirect_stdout(io.StringIO()):
            compared = cpu_of(lambda: compare([str(folder) for folder in folders]))
    sys.stdout.write(
        f"verdict, report and files: {max(ends):.1f} s of CPU\ncomparison of two: {compared:.1f} s of CPU\n"
    )


def _row(rng: Random, second: int) -> list[object]:
    times = Counter(rounded(int(rng.lognormvariate(1.5, 0.5) * 1000)) for _ in range(ANSWERS_PER_ROW))
    route = rng.choice(ENDPOINTS)
    return [second, rng.choice(ROLES), route.method, route.path, [*chain(*times.items())], [], 0]


if __name__ == "__main__":
    main()
