"""Runs of the real suite, and what they left behind."""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.faulty_proxy import FaultyProxy
from tests.processes import SandboxProcess, own_workers
from tests.tap import Tap


@dataclass(frozen=True)
class Finished:
    """A run that has ended: its exit code, all it printed, Locust's statistics and the verdict.

    With workers only the verdict is whole: Locust may close its CSV file before the last of them has reported.
    """

    code: int
    output: str
    rows: dict[str, dict[str, str]]
    folder: Path

    def requests(self, row: str) -> int:
        """How many requests a row such as `GET /health` has; 0 when there is no such row."""
        return int(self.rows.get(row, {"Request Count": "0"})["Request Count"])

    @property
    def verdict(self) -> dict[str, Any]:
        """What stands in the run's verdict.json."""
        (file,) = self.folder.glob("results/*/verdict.json")
        return json.loads(file.read_text("utf-8"))

    def failures(self, row: str = " Aggregated") -> int:
        return int(self.rows.get(row, {"Failure Count": "0"})["Failure Count"])


@pytest.fixture
def run(start_locust: Callable, tmp_path: Path) -> Callable[..., Finished]:
    """`run(*options, users=10, seconds=5, host=None)`: a headless run to its end; without a host on the sandbox."""

    def run_to_the_end(*args, users=10, seconds=5, host=None, think="0.1-0.3", env=None) -> Finished:
        prefix = tmp_path / "stats" / "run"
        locust = start_locust(
            *("--headless", "--only-summary", "-u", str(users), "-r", str(users), "-t", f"{seconds}s"),
            *("--csv", str(prefix), "--think-time", think),
            *(["--host", host] if host else []),
            *args,
            env=env,
        )
        code = locust.wait()
        return Finished(code, locust.output, rows_of(prefix.with_name("run_stats.csv")), tmp_path)

    return run_to_the_end


def rows_of(path: Path) -> dict[str, dict[str, str]]:
    """Locust's statistics by `METHOD name`; empty when the run never got so far."""
    if not path.exists():
        return {}
    with path.open(newline="", encoding="utf-8") as file:
        return {f"{row['Type']} {row['Name']}": row for row in csv.DictReader(file)}


@pytest.fixture
def tap(sandbox: SandboxProcess) -> Iterator[Tap]:
    """The wire between a run and a fresh sandbox; give `tap.url` to the run as its host."""
    tap = Tap(int(sandbox.url.rsplit(":", 1)[1]))
    yield tap
    tap.close()


@pytest.fixture
def proxy(sandbox: SandboxProcess) -> Iterator[FaultyProxy]:
    """Between a run and a fresh sandbox; give `proxy.url` to the run as its host."""
    proxy = FaultyProxy(int(sandbox.url.rsplit(":", 1)[1]))
    yield proxy
    proxy.close()


@pytest.fixture(params=[False, True], ids=["one process", "two workers"])
def processes(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """The options of a run in one process, and then of one with two workers."""
    return own_workers() if request.param else ()
