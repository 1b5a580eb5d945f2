"""Real runs on sandboxes: duets, and single runs to be compared afterwards."""

import subprocess
import sys
from pathlib import Path

from reporting.past_runs import folders_of_runs, read_run
from reporting.verdict.comparison import Run

ROOT = Path(__file__).resolve().parents[2]
LOAD = ("--headless", "--users", "20", "--spawn-rate", "20", "--think-time", "0.3-0.7")


def duet(folder: Path, seed: int, seconds: float, new: int = 0, old: int = 0) -> Run:
    """Each host adds so many ms to its answers, which take one or two. Raises SetupError when no verdict was left."""
    hosts = ("--sandbox-args", f"--latency {new}", "--against-sandbox-args", f"--latency {old}")
    return _run(folder, seed, seconds, "-f", "load/duet.py", *hosts)


def single(folder: Path, seed: int, seconds: float, latency: int) -> Run:
    """As `duet`, of one host."""
    return _run(folder, seed, seconds, "--sandbox-args", f"--latency {latency}")


def _run(folder: Path, seed: int, seconds: float, *args: str) -> Run:
    """Whatever the verdict is, its figures count. A run that was made before is read only."""
    place = folder / str(seed)
    if not folders_of_runs(place):
        told = ("--run-time", f"{seconds:g}s", "--seed", str(seed), "--results", str(place))
        command = [sys.executable, "-m", "locust", *LOAD, *told, *args]
        subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    found = folders_of_runs(place)
    return read_run(found[-1] if found else place)
