"""Where a run leaves its files: one folder per run, named after the scenario and the time."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path


@cache
def run_folder(results: Path, scenario: str) -> Path:
    """The folder of this process's run, `<scenario>-<UTC time>`; named once, made by whoever writes into it first."""
    return results / f"{scenario}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
