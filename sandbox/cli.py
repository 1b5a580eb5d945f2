"""The command: the database, the server over it, and the one line that says it is ready."""

import os
import signal
import sqlite3
import sys
from collections.abc import Sequence
from tomllib import TOMLDecodeError
from urllib.parse import urlsplit

import gevent

from sandbox.access_rules import AccessRules
from sandbox.app import create_app
from sandbox.faults import FaultError
from sandbox.serving import CannotListen, serve
from sandbox.storage import CannotOpen, Storage, open_storage
from sandbox.switches import Options, read_options


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the sandbox until it is stopped; the exit code is 2 when it cannot start."""
    options = read_options(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # until the server has its own way to stop
    try:
        with open_storage(options) as storage:
            _run(options, storage, arguments)
    except (FaultError, CannotListen, CannotOpen, OSError, sqlite3.OperationalError, TOMLDecodeError) as problem:
        sys.stderr.write(f"sandbox: {problem}\n")
        return 2
    except KeyboardInterrupt:
        pass
    return 0


def _run(options: Options, storage: Storage, arguments: Sequence[str] | None) -> None:
    app = create_app(
        storage.database,
        token_ttl=options.token_ttl,
        access=AccessRules.read(options.access_file) if options.enforce_roles else None,
        latency=options.latency,
        capacity=options.capacity,
        faults=options.fault,
        time_zone=options.time_zone,
        one_booking=options.forbid_double_booking,
        mutants=options.mutant,
        bottlenecks=options.bottleneck,
    )

    def ready(url: str) -> None:
        _say_ready(url)
        if options.restart_after:
            again = _command(storage, urlsplit(url).port, arguments)
            gevent.spawn_later(options.restart_after, os.execv, sys.executable, again)

    serve(app, options.port, ready, until_stdin_closes=options.exit_on_stdin_eof, faults=options.fault)


def _command(storage: Storage, port: int | None, arguments: Sequence[str] | None) -> list[str]:
    """Starts the sandbox anew in place of this process, which ends at once, with all connections; once only."""
    given = sys.argv[1:] if arguments is None else arguments
    return [sys.executable, "-m", "sandbox", *given, "--port", str(port), *storage.options, "--restart-after", "0"]


def _say_ready(url: str) -> None:
    sys.stdout.write(f"CMS sandbox ready at {url}\n")
    sys.stdout.flush()
