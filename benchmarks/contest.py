"""One contestant after the other on one core, the server on another; what counts is what the server has answered."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from benchmarks.clinic import Clinic
from benchmarks.contestants import ROOT, Contestant, Race, environment

WARM_UP_SECONDS = 2.0
START_SECONDS = 30.0
END_SECONDS = 30.0
FIRST_REQUESTS = 300
QUIET_SHARE = 0.1
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Lap:
    """One measurement: requests answered per second of the clock, and per second of the contestant's CPU time."""

    per_second: float
    per_cpu_second: float


class Failed(Exception):
    """A contestant could not start, or ended with failed requests."""


def race_in_turn(
    contestants: Iterable[Contestant], clinic: Clinic, race: Race, rounds: int, patience: float
) -> dict[str, list[Lap]]:
    """`rounds` laps of each, all of them in every round, so that a busy minute hits everybody.

    Each lap waits up to `patience` seconds for the machine to be quiet.
    """
    laps: dict[str, list[Lap]] = {contestant.name: [] for contestant in contestants}
    for number in range(rounds):
        order = list(contestants)
        for contestant in order if number % 2 == 0 else reversed(order):
            wait_until_quiet(patience)
            laps[contestant.name].append(run_lap(contestant, clinic, race))
    return laps


def wait_until_quiet(patience: float) -> None:
    """Returns when the machine had next to nothing to do for a second, at the latest after `patience` seconds."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        idle, total = _idle_and_total()
        time.sleep(1)
        idle_now, total_now = _idle_and_total()
        if idle_now - idle >= (1 - QUIET_SHARE) * (total_now - total):
            return


def _idle_and_total() -> tuple[int, int]:
    ticks = [int(number) for number in Path("/proc/stat").read_text("utf-8").split("\n", 1)[0].split()[1:9]]
    return ticks[3] + ticks[4], sum(ticks)


def medians(laps: dict[str, list[Lap]]) -> dict[str, Lap]:
    return {
        name: Lap(median(lap.per_second for lap in of_one), median(lap.per_cpu_second for lap in of_one))
        for name, of_one in laps.items()
    }


def run_lap(contestant: Contestant, clinic: Clinic, race: Race, core: int = 1) -> Lap:
    """Starts the contestant on `core`, lets it warm up, counts for `race.seconds`. Raises Failed when it fails."""
    allowance = replace(race, seconds=race.seconds + WARM_UP_SECONDS + START_SECONDS)
    command = ["taskset", "-c", str(core), *contestant.command(allowance)]
    log = race.folder / "contestant.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment(race), stdout=output, stderr=output)
        try:
            wait_for_load(process, clinic, log)
            time.sleep(WARM_UP_SECONDS)
            lap = _measure(process.pid, clinic, race.seconds)
        finally:
            code = end(process)
    if contestant.checked and (code not in contestant.interrupted or failed_requests(race.folder)):
        raise Failed(f"{contestant.name} ended with {code}; its last words:\n{log.read_text('utf-8')[-2000:]}")
    return lap


def _measure(pid: int, clinic: Clinic, seconds: float) -> Lap:
    requests, started, cpu = clinic.answered(), time.perf_counter(), cpu_seconds(pid)
    time.sleep(seconds)
    answered, spent = clinic.answered() - requests, cpu_seconds(pid) - cpu
    return Lap(answered / (time.perf_counter() - started), answered / spent)


def failed_requests(folder: Path) -> list[str]:
    """What the suite's own verdicts in this folder say of failed requests."""
    verdicts = [json.loads(path.read_text("utf-8")) for path in folder.rglob("verdict.json")]
    return [str(failure) for verdict in verdicts for failure in verdict["errors"]]


def cpu_seconds(pid: int) -> float:
    """User and system time of one process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_SECOND


def wait_for_load(process: subprocess.Popen[bytes], clinic: Clinic, log: Path) -> None:
    deadline, before = time.monotonic() + START_SECONDS, clinic.answered()
    while clinic.answered() - before < FIRST_REQUESTS:
        if process.poll() is not None or time.monotonic() > deadline:
            raise Failed(f"no load came; the contestant's last words:\n{log.read_text('utf-8')[-2000:]}")
        time.sleep(0.1)


def end(process: subprocess.Popen[bytes]) -> int:
    """Asks the process to end, and returns its exit code."""
    process.send_signal(signal.SIGINT)
    try:
        return process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
