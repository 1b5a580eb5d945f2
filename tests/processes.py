"""The suite's own programs, started for a test: their output can be awaited, and none outlives its test."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parent.parent
FOREIGN = ("LOCUST_", "CMS_", "SANDBOX_", "GITHUB_STEP_SUMMARY")
LENIENT = {"CMS_LAG_LIMIT": "2000"}
"""Tests share the cores of a machine that may do other things: that alone must not make their runs invalid."""
PATIENCE = 120.0
"""Seconds that a test waits for what must come: far more than a slow and busy machine needs, spent by failures only."""
SPAWNED = "All users spawned|Spawning is complete"
"""Locust's words, and those of a master whose workers are late to report."""
READY = r"CMS sandbox ready at (http://\S+)"


def spawned(users: int) -> str:
    """The line that says so, or the first that counts so many: a master may not know of all when it says the first."""
    return rf"All users spawned.*\({users} total users\)|\| {users} users \|"


def clean_environment(extra: Mapping[str, str] | None = None, dotenv: Path | str | None = os.devnull) -> dict[str, str]:
    """The caller's environment without its Locust and CMS settings, lenient with a busy machine, plus `extra`.

    `dotenv` names the file the suite reads instead of the repository's `.env`: none unless a test names one;
    None leaves the choice to the suite.
    """
    env = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    env["PYTHONUNBUFFERED"] = "1"
    if dotenv is not None:
        env["CMS_DOTENV"] = str(dotenv)
    return env | LENIENT | dict(extra or {})


def free_port() -> int:
    """A TCP port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def own_workers(number: int | str = 2) -> tuple[str, ...]:
    """Options for a run with so many workers of its own: on Locust's usual port foreign ones could join."""
    port = str(free_port())
    bind = ("--master-bind-host", "127.0.0.1", "--master-bind-port", port, "--master-port", port)
    return ("--processes", str(number), *bind)


def wait_for_port(port: int, timeout: float = PATIENCE) -> None:
    """Returns when somebody listens on the port of this machine; `timeout` is in seconds."""
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise AssertionError(f"nobody listens on port {port} after {timeout} s")


class Process:
    """A program in a process group of its own; with the `with` block ends all that it started."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str], cwd: Path = ROOT) -> None:
        self.command = list(command)
        self._popen = subprocess.Popen(
            self.command,
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
        self._lines: list[str] = []
        self._news = threading.Condition()
        self._ended = False
        self._reader = threading.Thread(target=self._read, name=f"output of {self.pid}", daemon=True)
        self._reader.start()

    @property
    def pid(self) -> int:
        """The process, and at the same time its group."""
        return self._popen.pid

    @property
    def output(self) -> str:
        """Everything printed so far, stdout and stderr in one."""
        with self._news:
            return "".join(self._lines)

    def wait_for_line(self, pattern: str, timeout: float = PATIENCE, after: int = 0) -> re.Match[str]:
        """The first line behind so many lines of output in which `pattern` is found; `timeout` is in seconds."""
        deadline = time.monotonic() + timeout
        seen = after
        with self._news:
            while True:
                for line in self._lines[seen:]:
                    if match := re.search(pattern, line):
                        return match
                seen = len(self._lines)
                left = deadline - time.monotonic()
                if self._ended or left <= 0:
                    break
                self._news.wait(left)
        raise self._failure(f"did not print a line like {pattern!r} within {timeout} s")

    def wait(self, timeout: float = PATIENCE) -> int:
        """The exit code (negative: the signal that ended it); its output is complete then."""
        try:
            code = self._popen.wait(timeout)
        except subprocess.TimeoutExpired:
            raise self._failure(f"did not end within {timeout} s") from None
        self._reader.join(5)
        return code

    def stop(self, number: signal.Signals = signal.SIGTERM, timeout: float = PATIENCE) -> int:
        """Sends the signal to the process alone, not to its group, and waits for the exit code."""
        self._popen.send_signal(number)
        return self.wait(timeout)

    def close(self) -> None:
        """Ends the whole group at once; safe to call twice."""
        with suppress(ProcessLookupError, PermissionError):  # macOS forbids it for a group of zombies
            os.killpg(self.pid, signal.SIGKILL)
        self._popen.wait()
        self._reader.join(5)
        assert not self._reader.is_alive(), f"something outside the group of {self.command} still writes its output"
        for pipe in (self._popen.stdin, self._popen.stdout):
            if pipe:
                pipe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _read(self) -> None:
        assert self._popen.stdout
        for line in self._popen.stdout:
            with self._news:
                self._lines.append(line)
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()

    def _failure(self, what: str) -> AssertionError:
        state = self._popen.poll()
        ended = "still running" if state is None else f"ended with {state}"
        return AssertionError(f"{' '.join(self.command)} {what} ({ended}); it printed:\n{self.output}")


class LocustProcess(Process):
    """A real `locust`, run by the Python that runs the tests."""


class SandboxProcess(Process):
    """A CMS sandbox on a port of its own; it also ends when the test run dies, because its stdin closes."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str], database: Path | str) -> None:
        super().__init__(command, env)
        self.database = database
        try:
            self.url = self.wait_for_line(READY).group(1)
        except BaseException:
            self.close()
            raise

    def rows(self) -> dict[str, int]:
        """How many rows each table has, the audit log left aside."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
            tables = connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
            )
            names = [name for (name,) in tables.fetchall() if not name.startswith("auditoria")]
            assert len(names) > 15
            return {name: connection.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0] for name in names}


def start_locust(
    *args: str,
    env: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
    dotenv: Path | str | None = os.devnull,
) -> LocustProcess:
    """Starts `locust` with these arguments; use it in a `with` block, or the fixture of the same name."""
    return LocustProcess([sys.executable, "-m", "locust", *args], clean_environment(env, dotenv), cwd)


def start_sandbox(*args: str, database: Path | str, env: Mapping[str, str] | None = None) -> SandboxProcess:
    """Starts the sandbox on this database, a file or a DSN, and returns when it answers; use it like `start_locust`."""
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--exit-on-stdin-eof"]
    return SandboxProcess([*command, "--database", str(database), *args], clean_environment(env), database)
