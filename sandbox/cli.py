"""The command: its options, the database file, and the one line that says it is ready."""

import argparse
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn
from zoneinfo import ZoneInfo

from sandbox.app import DAY, create_app
from sandbox.db import Database
from sandbox.deployment import PARTS, Deployment
from sandbox.faults import Fault, FaultError, parse_fault
from sandbox.seed import seed
from sandbox.server import CannotListen, serve
from sandbox.sizes import Sizes
from sandbox.times import UnknownZone, parse_zone


class _Options(argparse.Namespace):
    port: int
    patients: int
    doctors: int
    appointments: int | None
    id_offset: int
    without: list[str]
    sequences_behind: bool
    time_zone: ZoneInfo | None
    token_ttl: int
    enforce_roles: bool
    latency: int
    capacity: int
    fault: list[Fault]
    database: Path | None
    exit_on_stdin_eof: bool


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line, without the usage around it."""
        self.exit(2, f"sandbox: {message}\n")


class _Whole:
    """A whole number within bounds, for argparse."""

    def __init__(self, low: int, high: int) -> None:
        self._low, self._high = low, high

    def __call__(self, value: str) -> int:
        if not value.isdecimal() or not self._low <= int(value) <= self._high:
            raise argparse.ArgumentTypeError(f"expected a whole number from {self._low} to {self._high}, got {value!r}")
        return int(value)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the sandbox until it is stopped; the exit code is 2 when it cannot start."""
    options = _parser().parse_args(arguments, _Options())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # until the server has its own way to stop
    try:
        with _database_file(options.database) as path:
            _run(options, path)
    except (FaultError, CannotListen, OSError, sqlite3.OperationalError) as problem:
        sys.stderr.write(f"sandbox: {problem}\n")
        return 2
    except KeyboardInterrupt:
        pass
    return 0


def _run(options: _Options, path: Path) -> None:
    database = Database(path)
    try:
        sizes = Sizes(options.patients, options.doctors, options.appointments)
        deployment = Deployment(options.id_offset, tuple(options.without), options.sequences_behind)
        seed(database, sizes, deployment=deployment)
        app = create_app(
            database,
            token_ttl=options.token_ttl,
            enforce_roles=options.enforce_roles,
            latency=options.latency,
            capacity=options.capacity,
            faults=options.fault,
            time_zone=options.time_zone,
        )
        serve(app, options.port, _say_ready, until_stdin_closes=options.exit_on_stdin_eof)
    finally:
        database.close()


def _say_ready(url: str) -> None:
    sys.stdout.write(f"CMS sandbox ready at {url}\n")
    sys.stdout.flush()


@contextmanager
def _database_file(chosen: Path | None) -> Iterator[Path]:
    """The chosen file, which must not hold anything yet, or a temporary one that does not outlive the run."""
    if chosen is None:
        with tempfile.TemporaryDirectory(prefix="cms-sandbox-") as folder:
            yield Path(folder) / "clinic.sqlite"
    elif chosen.exists() and (chosen.is_dir() or chosen.stat().st_size):
        raise FileExistsError(f"--database {chosen} already exists and is not empty; choose another file")
    elif not chosen.parent.is_dir():
        raise FileNotFoundError(f"--database {chosen}: there is no folder {chosen.parent}")
    else:
        yield chosen


def _fault(spec: str) -> Fault:
    try:
        return parse_fault(spec)
    except FaultError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None


def _zone(name: str) -> ZoneInfo | None:
    try:
        return parse_zone(name)
    except UnknownZone as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None


def _parser() -> argparse.ArgumentParser:
    parser = _Parser("python -m sandbox", description="A stand-in for the CMS Medical API.")
    add = parser.add_argument
    add("--port", type=_Whole(0, 65535), default=5000, help="0 takes a free one (default: %(default)s)")
    add("--patients", type=_Whole(1, 200_000), default=300, help="default: %(default)s")
    add("--appointments", type=_Whole(1, 2_000_000), metavar="N", help="default: ten a patient")
    add("--doctors", type=_Whole(1, 999), default=20, help="default: %(default)s")
    add("--id-offset", type=_Whole(0, 1_000_000), default=0, metavar="N", help="all ids begin above N (default: 0)")
    add("--without", choices=PARTS, action="append", default=[], help="a part that the database does not have")
    add("--sequences-behind", action="store_true", help=_SEQUENCES_HELP)
    add("--time-zone", type=_zone, metavar="NAME", help="the server's own zone (default: UTC)")
    add("--token-ttl", type=_Whole(1, 365 * DAY), default=DAY, metavar="SECONDS", help="default: a day")
    add("--enforce-roles", action="store_true", help="refuse what a role should not do; the real API does not")
    add("--latency", type=_Whole(0, 600_000), default=0, metavar="MS", help="added to every answer")
    add("--capacity", type=_Whole(0, 100_000), default=0, metavar="N", help=_CAPACITY_HELP)
    add("--fault", type=_fault, action="append", default=[], metavar="SPEC", help=_FAULT_HELP)
    add("--database", type=Path, metavar="PATH", help="keep the data in this new file (default: a temporary one)")
    add("--exit-on-stdin-eof", action="store_true", help="end when stdin closes, as it does when the parent dies")
    return parser


_SEQUENCES_HELP = (
    "catalogs and insurers were inserted by hand: as many creates as there are such rows answer 409, then they work"
)
_CAPACITY_HELP = (
    "serve at most N requests at a time, let the others wait; with --latency MS at most N * 1000 / MS a second "
    "(default: no limit)"
)
_FAULT_HELP = (
    "what goes wrong, as key=value,...: one of status=503, delay=MS, drop=1, shape=1, refuse-token=1, owner=1; "
    "with share=0..1, route='GET /api/patients/{id}', after=SECONDS, for=SECONDS; may be repeated"
)
