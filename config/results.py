"""Where a run leaves its files: one folder per run, named after the scenario and the time."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path


@cache
def run_folder(results: Path, scenario: str) -> Path:
    """The folder of this process's run, `<scenario>-<UTC time>`; named once, made by whoever writes into it first."""
    return results / _named(scenario)


def new_run_folder(results: Path, name: str) -> Path:
    """A folder that is not there yet, for one of the several runs that a web UI can start."""
    folder = results / _named(name)
    number = 1
    while folder.exists():
        number += 1
        folder = results / f"{_named(name)}-{number}"
    return folder


def _named(name: str) -> str:
    return f"{name}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
