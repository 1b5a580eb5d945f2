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

Bounds = tuple[list[float], list[float]]
Truth = dict[str, list[tuple[float, float, float]]]

SHARES = {"p50": 0.50, "p95": 0.95, "p99": 0.99}
TOLERATED_MS = 1.0
TOLERATED_SHARE = 0.02
END_SECONDS = 30.0


@dataclass(frozen=True)
class Compared:
    """One percentile of one route, in ms: as the suite reports it, and within what bounds the server knows it."""

    path: str
    percentile: str
    reported: float
    least: float
    truth: float

    @property
    def is_true(self) -> bool:
        tolerated = max(TOLERATED_MS, TOLERATED_SHARE * self.truth)
        return self.least - tolerated <= self.reported <= self.truth + tolerated


@dataclass(frozen=True)
class Findings:
    """`cpu_share` is that of one core that the generator used, `requests` how many the truth is known of.

    `waiting_share` of the time the generator was ready to run and had no core: what it says then is not its own.
    """

    compared: list[Compared]
    requests: int
    cpu_share: float
    waiting_share: float
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
            shares = _watch(process, seconds)
        told, _ = server.communicate(timeout=END_SECONDS)
    verdicts = list(folder.rglob("verdict.json"))
    if len(verdicts) != 1:
        raise Failed(f"the run ended with {process.returncode}:\n{log.read_text('utf-8')[-2000:]}")
    return _findings(json.loads(told), json.loads(verdicts[0].read_text("utf-8")), *shares)


def _watch(process: subprocess.Popen[bytes], seconds: float) -> tuple[float, float]:
    """Waits for the end of the run; returns in which share of its middle half it ran, and in which it had to wait."""
    time.sleep(seconds * 0.4)
    before = cpu_seconds(process.pid), _waited_seconds(process.pid)
    time.sleep(seconds * 0.5)
    after = cpu_seconds(process.pid), _waited_seconds(process.pid)
    process.wait(seconds + END_SECONDS)
    ran, waited = ((last - first) / (seconds * 0.5) for first, last in zip(before, after, strict=True))
    return ran, waited


def _waited_seconds(pid: int) -> float:
    """For how long the process was ready to run, and others had the cores (proc(5), schedstat)."""
    return int(Path(f"/proc/{pid}/schedstat").read_text("ascii").split()[1]) / 1e9


def _findings(truth: Truth, verdict: dict[str, Any], cpu_share: float, waiting_share: float) -> Findings:
    (process,) = verdict["generator"]["processes"].values()
    stopped = max(sent - most / 1000 for answers in truth.values() for sent, _, most in answers)
    steady = {path: _in_the_steady_state(answers, verdict, stopped) for path, answers in truth.items()}
    compared = list(_compared(steady, verdict))
    return Findings(
        compared, sum(len(most) for _, most in steady.values()), cpu_share, waiting_share, process["lag_p99"]
    )


def _in_the_steady_state(answers: list[tuple[float, float, float]], verdict: dict[str, Any], stopped: float) -> Bounds:
    """The least and the most that the verdict's answers took, each sorted: those that came in its seconds, and those
    that were asked for in them and came after users were `stopped` (seconds since the epoch), as the recorder has it.
    """
    end = datetime.fromisoformat(verdict["ended"]).timestamp()
    start = end - verdict["seconds"]["steady"]
    within = [
        (least, most)
        for sent, least, most in answers
        if start <= sent < end or (sent > stopped and sent - most / 1000 < end)
    ]
    return sorted(least for least, _ in within), sorted(most for _, most in within)


def _compared(truth: dict[str, Bounds], verdict: dict[str, Any]) -> Iterator[Compared]:
    for path in DECKS:
        reported = verdict["endpoints"][f"GET {path}"]["steady"]["ok"]
        for name, share in SHARES.items():
            least, most = (known[math.ceil(share * len(known)) - 1] for known in truth[path])
            yield Compared(path, name, reported[name], least, most)
