"""The command: the database file, the server over it, and the one line that says it is ready."""

import signal
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tomllib import TOMLDecodeError

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
        with _database_file(options.database) as path:
            _run(options, path)
    except (FaultError, CannotListen, OSError, sqlite3.OperationalError, TOMLDecodeError) as problem:
        sys.stderr.write(f"sandbox: {problem}\n")
        return 2
    except KeyboardInterrupt:
        pass
    return 0


def _run(options: Options, path: Path) -> None:
    database = Database(path)
    try:
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
        )
        serve(app, options.port, _say_ready, until_stdin_closes=options.exit_on_stdin_eof, faults=options.fault)
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
