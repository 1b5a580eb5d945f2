"""`python -m benchmarks.master_limit`: what one report of a worker costs the master, with 10, 100 and 1,000 of them."""

import argparse
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.contest import Failed, cpu_seconds, end
from benchmarks.contestants import ROOT, Race, environment
from benchmarks.ports import free_port
from benchmarks.results_page import machine, put_between_markers

PAGE = ROOT / "docs" / "scaling.md"
SIMULATOR_CORE, MASTER_CORE = "0", "1"
START_SECONDS = 60.0
SETTLE_SECONDS = 5.0
REPORT_SECONDS = 3.0


@dataclass(frozen=True)
class Load:
    """What so many workers cost the master: the share of one core, and the CPU time per report in ms."""

    workers: int
    cpu_share: float

    @property
    def per_report(self) -> float:
        return self.cpu_share * REPORT_SECONDS / self.workers * 1000


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.master_limit", description=__doc__)
    parser.add_argument("--workers", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--seconds", type=float, default=20.0, help="how long each number of workers is watched")
    parser.add_argument("--write", action="store_true", help=f"put the figures into {PAGE.relative_to(ROOT)}")
    options = parser.parse_args()
    lines = [
        f"`python -m benchmarks.master_limit`, {machine()}",
        "",
        "| workers | master's CPU (of one core) | ms of CPU per worker and report |",
        "|---:|---:|---:|",
    ]
    for workers in options.workers:
        try:
            load = measure(workers, options.seconds)
        except Failed as failure:
            lines.append(f"| {workers:,} | not reached: {failure} | |")
            continue
        lines.append(f"| {load.workers:,} | {load.cpu_share:.1%} | {load.per_report:.2f} |")
    print("\n".join(lines))
    if options.write:
        put_between_markers(PAGE, "master", lines)
    return 0


def measure(workers: int, seconds: float) -> Load:
    """A real master with simulated workers. Raises Failed when they do not all get to run."""
    with tempfile.TemporaryDirectory(prefix="master-") as name:
        folder, port = Path(name), str(free_port())
        given = environment(Race("", workers, seconds, folder))
        log = folder / "master.log"
        with log.open("wb") as output:
            master = subprocess.Popen(
                ["taskset", "-c", MASTER_CORE, *_master(workers, port, folder)],
                cwd=ROOT,
                env=given,
                stdout=output,
                stderr=output,
            )
            simulator = subprocess.Popen(
                [
                    "taskset",
                    "-c",
                    SIMULATOR_CORE,
                    sys.executable,
                    "-m",
                    "benchmarks.simulated_workers",
                    port,
                    str(workers),
                ],
                cwd=ROOT,
                env=given,
            )
            try:
                _wait_for_users(log, master)
                time.sleep(SETTLE_SECONDS)
                before, started = cpu_seconds(master.pid), time.perf_counter()
                time.sleep(seconds)
                return Load(workers, (cpu_seconds(master.pid) - before) / (time.perf_counter() - started))
            finally:
                end(master)
                simulator.terminate()
                simulator.wait()


def _master(workers: int, port: str, folder: Path) -> list[str]:
    number = str(workers)
    return [
        *(sys.executable, "-m", "locust", "--master", "--headless", "--only-summary", "PatientUser", "--read-only"),
        *("--no-preflight", "--host", "http://127.0.0.1:1", "--expect-workers", number, "-u", number, "-r", number),
        *("--master-bind-host", "127.0.0.1", "--master-bind-port", port, "--results", str(folder)),
    ]


def _wait_for_users(log: Path, master: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while "All users spawned" not in log.read_text("utf-8"):
        if master.poll() is not None or time.monotonic() > deadline:
            raise Failed(f"the master said last: {log.read_text('utf-8').strip().splitlines()[-1][:200]}")
        time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())
