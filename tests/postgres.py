"""A real PostgreSQL for a test: in a folder of its own, on a free port, run by a user without rights."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.processes import PATIENCE, Process, clean_environment, free_port

UNPRIVILEGED = ("postgres", "nobody")
PASSWORD = "s3cret-of-the-monitor"
SETTINGS = (
    *("fsync=off", "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=60"),
    *("shared_preload_libraries=pg_stat_statements", "autovacuum=off", "max_parallel_workers_per_gather=0"),
)


class Postgres:
    """`dsn` is the superuser's, `monitor` that of a role in pg_monitor, whose password is PASSWORD."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.dsn = self.dsn_of("owner")
        self.monitor = self.dsn_of("monitor")

    def dsn_of(self, user: str, password: str = "", database: str = "postgres") -> str:
        return f"postgresql://{user}{f':{password}' if password else ''}@127.0.0.1:{self.port}/{database}"

    @property
    def version(self) -> int:
        """150014 for 15.14."""
        with psycopg.connect(self.dsn) as connection:
            return connection.info.server_version

    def run(self, *statements: str, database: str = "postgres") -> None:
        with psycopg.connect(self.dsn_of("owner", database=database), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


def program(name: str) -> str | None:
    """The newest of those that Debian keeps beside the PATH, else the one that is on it."""
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(installed[-1]) if installed else shutil.which(name)


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Skips where there is none, and fails in CI."""
    server, initdb = program("postgres"), program("initdb")
    if server is None or initdb is None:
        missing = "no PostgreSQL: neither initdb nor postgres is here"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        folder, port = Path(name) / "data", free_port()
        _give_away(Path(name))
        made = [initdb, "--pgdata", str(folder), "--username", "owner", "--auth", "trust", "--no-sync"]
        subprocess.run([*_as_somebody(), *made], check=True, capture_output=True, cwd="/", timeout=PATIENCE)
        (folder / "pg_hba.conf").write_text(
            "host all owner 127.0.0.1/32 trust\nhost all plain 127.0.0.1/32 trust\n"
            "host all all 127.0.0.1/32 scram-sha-256\n",
            "utf-8",
        )
        options = [word for setting in SETTINGS for word in ("-c", setting)]
        command = [*_as_somebody(), server, "-D", str(folder), "-p", str(port), *options]
        with Process(command, clean_environment(), Path("/")) as process:
            process.wait_for_line("ready to accept connections")
            found = Postgres(port)
            found.run(
                "CREATE EXTENSION pg_stat_statements",
                f"CREATE ROLE monitor LOGIN PASSWORD '{PASSWORD}'",
                "CREATE ROLE plain LOGIN",
                "GRANT pg_monitor TO monitor",
            )
            yield found


def _give_away(folder: Path) -> None:
    if os.geteuid() == 0:
        user = _somebody()
        os.chown(folder, user.pw_uid, user.pw_gid)


def _as_somebody() -> list[str]:
    """PostgreSQL refuses to be run by root."""
    if os.geteuid() != 0:
        return []
    user = _somebody()
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--pdeathsig=INT"]


def _somebody() -> pwd.struct_passwd:
    for name in UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise AssertionError(f"none of the users {', '.join(UNPRIVILEGED)} is here")
