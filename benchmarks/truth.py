"""Whether what the suite reports is what happened: its percentiles beside those of a server that keeps the truth."""

import json
import math
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.contest import Failed, cpu_seconds
from benchmarks.contestants import ROOT, Race, environment, suite
from benchmarks.slow_clinic import DECKS, READY

Truth = dict[str, list[tuple[float, float]]]

SHARES = {"p50": 0.50, "p95": 0.95, "p99": 0.99}
TOLERATED_MS = 1.0
TOLERATED_SHARE = 0.02
END_SECONDS = 30.0


@dataclass(frozen=True)
class Compared:
    """One percentile of one route, in ms: as the suite reports it, and as the server has it."""

    path: str
    percentile: str
    reported: float
    truth: float

    @property
    def is_true(self) -> bool:
        return abs(self.reported - self.truth) <= max(TOLERATED_MS, TOLERATED_SHARE * self.truth)


@dataclass(frozen=True)
class Findings:
    """`cpu_share` is that of one core that the generator used, `requests` how many the truth is known of."""

    compared: list[Compared]
    requests: int
    cpu_share: float
    lag_p99: float


def find_truth(folder: Path, users: int, seconds: float, cores: tuple[str, ...] = ()) -> Findings:
    """Runs the suite, without pauses, against the slow clinic.

    `cores`: of the server and of the suite; anywhere when empty.
    """
    pins = [["taskset", "-c", core] for core in cores] or [[], []]
    server = subprocess.Popen(
        [*pins[0], sys.executable, "-m", "benchmarks.slow_clinic"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    with server:
        race = Race(server.stdout.readline().removeprefix(READY).strip(), users, seconds, folder)
        log = folder / "truth.log"
        with log.open("wb") as output:
            command, given = [*pins[1], *suite(race)], environment(race)
            process = subprocess.Popen(command, cwd=ROOT, env=given, stdout=output, stderr=output)
            cpu_share = _watch(process, seconds)
        told, _ = server.communicate(timeout=END_SECONDS)
    verdicts = list(folder.rglob("verdict.json"))
    if len(verdicts) != 1:
        raise Failed(f"the run ended with {process.returncode}:\n{log.read_text('utf-8')[-2000:]}")
    return _findings(json.loads(told), json.loads(verdicts[0].read_text("utf-8")), cpu_share)


def _watch(process: subprocess.Popen[bytes], seconds: float) -> float:
    """Waits for the end of the run; returns the CPU share in its middle half."""
    time.sleep(seconds * 0.4)
    before = cpu_seconds(process.pid)
    time.sleep(seconds * 0.5)
    share = (cpu_seconds(process.pid) - before) / (seconds * 0.5)
    process.wait(seconds + END_SECONDS)
    return share


def _findings(truth: Truth, verdict: dict[str, Any], cpu_share: float) -> Findings:
    (process,) = verdict["generator"]["processes"].values()
    steady = {path: _in_the_steady_state(answers, verdict) for path, answers in truth.items()}
    compared = list(_compared(steady, verdict))
    return Findings(compared, sum(map(len, steady.values())), cpu_share, process["lag_p99"])


def _in_the_steady_state(answers: list[tuple[float, float]], verdict: dict[str, Any]) -> list[float]:
    """What the answers took that were sent in the seconds which the verdict speaks of, sorted."""
    end = datetime.fromisoformat(verdict["ended"]).timestamp()
    start = end - verdict["seconds"]["steady"]
    return sorted(took for sent, took in answers if start <= sent < end)


def _compared(truth: dict[str, list[float]], verdict: dict[str, Any]) -> Iterator[Compared]:
    for path in DECKS:
        reported = verdict["endpoints"][f"GET {path}"]["steady"]["ok"]
        known = truth[path]
        for name, share in SHARES.items():
            yield Compared(path, name, reported[name], known[math.ceil(share * len(known)) - 1])
