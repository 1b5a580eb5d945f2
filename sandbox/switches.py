"""The command's options, and the one line that names a bad value and the fix."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn
from zoneinfo import ZoneInfo

from sandbox.access_rules import ACCESS_FILE
from sandbox.app import DAY
from sandbox.deployment import PARTS
from sandbox.dsn import SETTING, Dsn, DsnError, named_by_environment, named_by_option
from sandbox.faults import Fault, FaultError, parse_fault
from sandbox.mutants import MUTANTS
from sandbox.planted_slowness import BOTTLENECKS, ON_POSTGRES
from sandbox.server_times import UnknownZone, parse_zone


class Options(argparse.Namespace):
    """What the command was given; `--help` says what each option means."""

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
    access_file: Path
    latency: int
    capacity: int
    fault: list[Fault]
    forbid_double_booking: bool
    mutant: list[str]
    bottleneck: list[str]
    restart_after: float | None
    resume: bool
    owns_database: bool
    database: Path | Dsn | None
    pool: int
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


def read_options(arguments: Sequence[str] | None = None) -> Options:
    """The options of the command line; a bad one ends the process with one line and exit code 2."""
    parser = _parser()
    options = parser.parse_args(arguments, Options())
    if options.database is None:
        try:
            options.database = named_by_environment()
        except DsnError as problem:
            parser.error(f"{SETTING}: {problem}")
    if not isinstance(options.database, Dsn) and (needing := ON_POSTGRES.keys() & options.bottleneck):
        parser.error(f"--bottleneck {min(needing)} needs a --database such as postgresql://cms@localhost:5432/cms")
    return options


def _fault(spec: str) -> Fault:
    try:
        return parse_fault(spec)
    except FaultError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None


def _database(value: str) -> Path | Dsn:
    try:
        return named_by_option(value)
    except DsnError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None


def _seconds(value: str) -> float:
    if not value.replace(".", "", 1).isdecimal() or not hasattr(os, "fork"):
        raise argparse.ArgumentTypeError(f"expected seconds, on a system that can do it, got {value!r}")
    return float(value)


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
    add("--access-file", type=Path, default=ACCESS_FILE, metavar="PATH", help=_ACCESS_HELP)
    add("--latency", type=_Whole(0, 600_000), default=0, metavar="MS", help="added to every answer")
    add("--capacity", type=_Whole(0, 100_000), default=0, metavar="N", help=_CAPACITY_HELP)
    add("--fault", type=_fault, action="append", default=[], metavar="SPEC", help=_FAULT_HELP)
    add("--forbid-double-booking", action="store_true", help=_BOOKING_HELP)
    add("--mutant", choices=MUTANTS, action="append", default=[], help=_MUTANT_HELP)
    add("--bottleneck", choices=BOTTLENECKS, action="append", default=[], help=_BOTTLENECK_HELP)
    add("--restart-after", type=_seconds, metavar="SECONDS", help=_RESTART_HELP)
    add("--resume", action="store_true", help="go on with the data of --database, as after a restart")
    add("--owns-database", action="store_true", help=argparse.SUPPRESS)
    add("--database", type=_database, metavar="PATH|DSN", help=_DATABASE_HELP)
    add("--pool", type=_Whole(1, 1000), default=10, metavar="N", help=_POOL_HELP)
    add("--exit-on-stdin-eof", action="store_true", help="end when stdin closes, as it does when the parent dies")
    return parser


_DATABASE_HELP = (
    "keep the data in this new file, or in the PostgreSQL of a DSN such as postgresql://cms@localhost/cms: an empty "
    f"database, or one that a sandbox has left (default: what {SETTING} names, else a temporary file)"
)
_POOL_HELP = "connections to PostgreSQL at most (default: %(default)s)"
_SEQUENCES_HELP = (
    "catalogs and insurers were inserted by hand: as many creates as there are such rows answer 409, then they work"
)
_CAPACITY_HELP = (
    "serve at most N requests at a time, let the others wait; with --latency MS at most N * 1000 / MS a second "
    "(default: no limit)"
)
_BOOKING_HELP = "409 for a second appointment of a doctor at the same time; the real API allows it"
_MUTANT_HELP = "plant a defect that shows only where requests overlap; may be repeated"
_BOTTLENECK_HELP = "plant a cause of slowness; may be repeated; those of the database need a --database that is one"
_RESTART_HELP = "once, after so long: end as if killed, and start again on the same data (not on Windows)"
_ACCESS_HELP = "what --enforce-roles keeps to (default: config/access.toml)"
_FAULT_HELP = (
    "what goes wrong, as key=value,...: one of status=503, delay=MS, grow=MS (later with each second), hang=1, "
    "drop=1, shape=1, refuse-token=1, owner=1, away=1 (nobody can connect), freeze=1 (nothing is answered); "
    "with share=0..1, route='GET /api/patients/{id}', after=SECONDS, for=SECONDS; may be repeated"
)
