"""`python -m benchmarks.equal_runs FOLDER`: equal real runs on the sandbox, and how many pairs look different."""

import argparse
import subprocess
import sys
from itertools import combinations
from pathlib import Path

from reporting.past_runs import folders_of_runs, read_run
from reporting.verdict.comparison import compare, sentence

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the runs go; those that it holds count, too")
    parser.add_argument(
        "--runs", type=int, default=21, help="how many there shall be (default: 21, which are 210 pairs)"
    )
    parser.add_argument("--seconds", type=int, default=45, help="of each run (default: 45)")
    options = parser.parse_args()
    for number in range(len(folders_of_runs(options.folder)), options.runs):
        _run(options.folder, number, options.seconds)
    runs = [read_run(folder) for folder in folders_of_runs(options.folder)]
    pairs = list(combinations(runs, 2))
    alarms = 0
    for before, after in pairs:
        changes = compare(before, after).by_importance
        alarms += bool(changes)
        for change in changes[:1]:
            sys.stdout.write(f"{before.folder.name} {after.folder.name}: {sentence(change)}\n")
    sys.stdout.write(f"{alarms} of {len(pairs)} pairs of equal runs look different ({alarms / len(pairs):.1%})\n")
    return 0


def _run(folder: Path, number: int, seconds: int) -> None:
    """Twenty users who think for half a second; whatever the verdict is, its figures count."""
    load = ("--users", "20", "--spawn-rate", "20", "--think-time", "0.3-0.7", "--run-time", f"{seconds}s")
    command = [sys.executable, "-m", "locust", "--headless", *load, "--seed", str(number), "--results", str(folder)]
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


if __name__ == "__main__":
    sys.exit(main())
