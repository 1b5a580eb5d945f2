"""`python -m benchmarks.stress`: the stress scenario's 500 users for real, against the sandbox, on this machine."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.contest import Failed, cpu_seconds
from benchmarks.contestants import FOREIGN, ROOT, SCRIPTS
from benchmarks.results_page import machine, put_between_markers

PAGE = ROOT / "docs" / "performance.md"
SETTLE_SECONDS = 20.0
END_SECONDS = 60.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stress", description=__doc__)
    parser.add_argument("--seconds", type=int, default=150, help="length of the run")
    parser.add_argument("--write", action="store_true", help=f"put the figures into {PAGE.relative_to(ROOT)}")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="stress-") as folder:
        try:
            lines = _told(*_run(Path(folder), options.seconds), options.seconds)
        except Failed as failure:
            print(failure, file=sys.stderr)
            return 1
    print("\n".join(lines))
    if options.write:
        put_between_markers(PAGE, "stress", lines)
    return 0


def _run(folder: Path, seconds: int) -> tuple[dict[str, Any], list[tuple[int, float]], float]:
    """The verdict, each user's number of requests and longest silence in seconds, and the generator's CPU share."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    environment |= {"FAIRNESS": str(folder / "users.json"), "PYTHONPATH": str(ROOT), "CMS_DOTENV": os.devnull}
    command = [sys.executable, "-m", "locust", "--config", "config/scenarios/stress.conf", "-t", f"{seconds}s"]
    log = folder / "stress.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "-f", str(SCRIPTS / "fairness.py"), "--results", str(folder)],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=output,
        )
        time.sleep(SETTLE_SECONDS)
        before, started = cpu_seconds(process.pid), time.perf_counter()
        time.sleep(seconds - 1.5 * SETTLE_SECONDS)
        share = (cpu_seconds(process.pid) - before) / (time.perf_counter() - started)
        process.wait(SETTLE_SECONDS + END_SECONDS)
    verdicts = list(folder.rglob("verdict.json"))
    if len(verdicts) != 1:
        raise Failed(f"the run ended with {process.returncode}:\n{log.read_text('utf-8')[-2000:]}")
    return json.loads(verdicts[0].read_text("utf-8")), json.loads((folder / "users.json").read_text("utf-8")), share


def _told(verdict: dict[str, Any], users: list[tuple[int, float]], share: float, seconds: int) -> list[str]:
    numbers, silences = [number for number, _ in users], [silence for _, silence in users]
    times = verdict["everything"]["steady"]["ok"]
    (process,) = verdict["generator"]["processes"].values()
    rate = verdict["everything"]["steady"]["rate"]
    return [
        f"`python -m benchmarks.stress --seconds {seconds}`, {machine()}",
        "",
        f"{len(users)} users sent {verdict['requests']:,} requests ({rate:.0f}/s in the steady state), "
        f"{sum(error['count'] for error in verdict['errors'])} failed; p50 {times['p50']:.1f} ms, "
        f"p95 {times['p95']:.1f} ms, p99 {times['p99']:.1f} ms. "
        f"The generator took {share:.0%} of one core, its own lag was {process['lag_p99']:.1f} ms (p99). "
        f"{starved(numbers)}: each sent {min(numbers)} to {max(numbers)} requests (median {median(numbers):g}), "
        f"and the longest that one of them was silent was {max(silences):.1f} s.",
        f"The verdict was {verdict['verdict']}"
        + (f": {'; '.join(verdict['reasons'])}." if verdict["reasons"] else "."),
    ]


def starved(requests: Sequence[int]) -> str:
    """How many users sent less than half of what the one in the middle sent, in words."""
    hungry = sum(number < median(requests) / 2 for number in requests)
    return f"{hungry} of {len(requests)} users starved" if hungry else "No user starved"


if __name__ == "__main__":
    sys.exit(main())
