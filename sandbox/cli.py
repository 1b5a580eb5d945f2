"""The command: the database file, the server over it, and the one line that says it is ready."""

import os
import shutil
import signal
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tomllib import TOMLDecodeError
from urllib.parse import urlsplit

import gevent

from sandbox.access_rules import AccessRules
from sandbox.app import create_app
from sandbox.db import Database
from sandbox.deployment import Deployment
from sandbox.faults import FaultError
from sandbox.seed import seed
from sandbox.serving import CannotListen, serve
from sandbox.sizes import Sizes
from sandbox.switches import Options, read_options


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the sandbox until it is stopped; the exit code is 2 when it cannot start."""
    options = read_options(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # until the server has its own way to stop
    try:
        with _database_file(options) as path:
            _run(options, path, arguments)
    except (FaultError, CannotListen, OSError, sqlite3.OperationalError, TOMLDecodeError) as problem:
        sys.stderr.write(f"sandbox: {problem}\n")
        return 2
    except KeyboardInterrupt:
        pass
    return 0


def _run(options: Options, path: Path, arguments: Sequence[str] | None) -> None:
    database = Database(path)
    try:
        if options.resume:
            database.skip_ids()
        else:
            sizes = Sizes(options.patients, options.doctors, options.appointments)
            deployment = Deployment(options.id_offset, tuple(options.without), options.sequences_behind)
            seed(database, sizes, deployment=deployment)
        app = create_app(
            database,
            token_ttl=options.token_ttl,
            access=AccessRules.read(options.access_file) if options.enforce_roles else None,
            latency=options.latency,
            capacity=options.capacity,
            faults=options.fault,
            time_zone=options.time_zone,
            one_booking=options.forbid_double_booking,
            mutants=options.mutant,
        )

        def ready(url: str) -> None:
            _say_ready(url)
            if options.restart_after:
                again = _command(options, path, urlsplit(url).port, arguments)
                gevent.spawn_later(options.restart_after, os.execv, sys.executable, again)

        serve(app, options.port, ready, until_stdin_closes=options.exit_on_stdin_eof, faults=options.fault)
    finally:
        database.close()


def _command(options: Options, path: Path, port: int | None, arguments: Sequence[str] | None) -> list[str]:
    """Starts the sandbox anew in place of this process, which ends at once, with all connections; once only."""
    given = sys.argv[1:] if arguments is None else arguments
    here = ["--port", str(port), "--database", str(path), "--resume", "--restart-after", "0"]
    temporary = ["--owns-database"] * (options.database is None or options.owns_database)
    return [sys.executable, "-m", "sandbox", *given, *here, *temporary]


def _say_ready(url: str) -> None:
    sys.stdout.write(f"CMS sandbox ready at {url}\n")
    sys.stdout.flush()


@contextmanager
def _database_file(options: Options) -> Iterator[Path]:
    """The chosen file, which must not hold anything yet, or a temporary one that does not outlive the run."""
    chosen = options.database
    if options.resume:
        if chosen is None or not chosen.is_file():
            raise FileNotFoundError("--resume needs the --database that a sandbox has left")
        try:
            yield chosen
        finally:
            if options.owns_database:
                shutil.rmtree(chosen.parent, ignore_errors=True)
    elif chosen is None:
        with tempfile.TemporaryDirectory(prefix="cms-sandbox-") as folder:
            yield Path(folder) / "clinic.sqlite"
    elif chosen.exists() and (chosen.is_dir() or chosen.stat().st_size):
        raise FileExistsError(f"--database {chosen} already exists and is not empty; choose another file")
    elif not chosen.parent.is_dir():
        raise FileNotFoundError(f"--database {chosen}: there is no folder {chosen.parent}")
    else:
        yield chosen
