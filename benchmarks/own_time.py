"""What one request costs the suite itself: CPU time from one request to the next, of a single user, in microseconds."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import replace

from benchmarks.contest import Failed
from benchmarks.contestants import ROOT, SCRIPTS, Race, environment, suite


def own_time(race: Race, core: int = 1) -> Mapping[str, float]:
    """p50, p95 and p99 in microseconds; Raises Failed when the run fails."""
    times, log = race.folder / "own_times.json", race.folder / "own_time.log"
    command = ["taskset", "-c", str(core), *suite(replace(race, users=1), SCRIPTS / "own_time_locustfile.py")]
    given = {**environment(race), "OWN_TIMES": str(times), "PYTHONPATH": str(ROOT)}
    with log.open("wb") as output:
        done = subprocess.run(command, cwd=ROOT, env=given, stdout=output, stderr=output, check=False)
    if done.returncode or not times.exists():
        raise Failed(f"the measurement ended with {done.returncode}:\n{log.read_text('utf-8')[-2000:]}")
    found: dict[str, float] = json.loads(times.read_text("utf-8"))
    return found
