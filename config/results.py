"""Where a run leaves its files: one folder per run, named after the scenario and the time."""

import atexit
import itertools
import os
from argparse import Namespace
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from config.errors import SetupError


def keep_private() -> None:
    """From now on this process, and all that it starts, makes files (0600) and folders (0700) for its user alone.

    Locust writes most of a run's files itself, and has no option for who may read them.
    """
    os.umask(0o077)


def check_results(results: Path) -> None:
    """Raises SetupError when no run can leave its folder there; makes nothing."""
    there = next(path for path in (results.absolute(), *results.absolute().parents) if path.exists())
    if not there.is_dir():
        raise SetupError(f"--results {results}: {there} is not a folder", "name a folder, or one that can be made")
    if not os.access(there, os.W_OK | os.X_OK):
        raise SetupError(f"--results {results}: nothing can be written to {there}", "name a folder that is yours")


def abandon(options: Namespace) -> None:
    """Takes away what Locust has put into the folder of a run that is refused: CSV files without a figure."""
    if not options.scenario or options.worker:
        return
    with suppress(OSError):
        folder = run_folder(Path(options.results), options.scenario)
        for path in folder.glob(f"{options.scenario}_*.csv"):
            path.unlink()
        folder.rmdir()


@cache
def run_folder(results: Path, scenario: str) -> Path:
    """The folder of this process's run, `<scenario>-<UTC time>`, made when it is first asked for."""
    return new_run_folder(results, scenario)


def new_run_folder(results: Path, name: str) -> Path:
    """A folder that nobody else has, not even a run that starts in the same second; it goes if nothing comes into it.

    Raises OSError when it cannot be made.
    """
    made = [folder for folder in (results, *results.parents) if not folder.exists()]
    results.mkdir(parents=True, exist_ok=True)
    for number in itertools.count(1):
        folder = results / (_named(name) if number == 1 else f"{_named(name)}-{number}")
        with suppress(FileExistsError):
            folder.mkdir()
            break
    atexit.register(_remove_what_is_empty, [folder, *made], os.getpid())
    return folder


def _remove_what_is_empty(folders: Iterable[Path], maker: int) -> None:
    """In the process that made them: its own workers end before it does."""
    if os.getpid() == maker:
        for folder in folders:
            with suppress(OSError):
                folder.rmdir()


def _named(name: str) -> str:
    return f"{name}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
