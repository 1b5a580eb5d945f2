"""What one more signed-in user costs in memory: resident size with few and with many users, in one process each."""

import subprocess
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.clinic import Clinic
from benchmarks.contest import Failed, end
from benchmarks.contestants import ROOT, Race, environment, suite

FEW, MANY = 500, 5_000
TASKS_PER_USER = 3
PAUSES = ("--think-time", "1-3")
START_SECONDS = 120.0
REQUESTS_TO_START = 2
"""The sign-in and the own record."""


def bytes_per_user(clinic: Clinic, race: Race, core: int = 1) -> float:
    """The resident size of one more user who is signed in, knows the own record and has done some tasks."""
    few, many = (resident_bytes(clinic, replace(race, users=users), core) for users in (FEW, MANY))
    return (many - few) / (MANY - FEW)


def resident_bytes(clinic: Clinic, race: Race, core: int) -> int:
    """The size of one process with this many users at work. Raises Failed when they do not get to work."""
    command = ["taskset", "-c", str(core), *_at_ease(suite(replace(race, seconds=2 * START_SECONDS)))]
    before, wanted = clinic.answered(), race.users * (REQUESTS_TO_START + TASKS_PER_USER)
    with (race.folder / "memory.log").open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=environment(race), stdout=output, stderr=output)
        try:
            deadline = time.monotonic() + START_SECONDS
            while clinic.answered() - before < wanted:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise Failed(f"{race.users} users did not get to work: see {output.name}")
                time.sleep(0.5)
            return _resident(process.pid)
        finally:
            end(process)


def _at_ease(command: Sequence[str]) -> list[str]:
    """The same command with pauses: memory is measured of users who mostly think, as people do."""
    place = list(command).index("--think-time")
    return [*command[:place], *PAUSES, *command[place + 2 :]]


def _resident(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    (size,) = (line.split()[1] for line in lines if line.startswith("VmRSS:"))
    return int(size) * 1024
