"""--watch-process: how busy a process of this machine is, with its children, and whether it was started anew."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import psutil

from config.errors import SetupError
from reporting.metrics.resources import Sample

FAMILY_EVERY_SECONDS = 10.0
"""Looking for children reads all processes of the machine."""
SHOWN = 8
MB = 2**20
PID: Final = "pid"
PORT: Final = "port"


class ProcessSource:
    """A Source: the process of a number, or whoever listens on a port; `given` is `4711`, `pid:4711` or `port:5000`."""

    def __init__(self, given: str) -> None:
        self._given = given
        self._kind, self._number = PID, 0
        self._process: psutil.Process | None = None
        self._family: list[psutil.Process] = []
        self._looked_at = 0.0
        self._spent: dict[int, tuple[float, float]] = {}
        self._needed: dict[int, float] = {}
        self._findings: list[str] = []

    def start(self) -> None:
        self._kind, self._number = _understood(self._given)
        self._process = self._find()
        if self._process is None:
            problem = f"there is no process {self._number}" if self._kind == PID else _nobody(self._number)
            raise SetupError(f"--watch-process {self._given}: {problem}", "name the API's process, or its port")
        try:
            times = self._process.cpu_times()
            self._spent[self._process.pid] = times.user + times.system, time.monotonic()
        except psutil.Error:
            problem = f"--watch-process {self._given}: process {self._process.pid} cannot be looked at"
            raise SetupError(problem, "run the suite as that process's user") from None

    def findings(self) -> Sequence[str]:
        return list(self._findings)

    def sample(self) -> Sequence[Sample]:
        """Nothing while it is gone."""
        if self._process is None or not _lives(self._process):
            self._is_gone()
        if self._process is None:
            return ()
        samples, memory, files, most_files = list[Sample](), 0, 0, 0
        for process in self._with_children(self._process):
            try:
                with process.oneshot():
                    name = f"{process.name()} {process.pid}"
                    samples += self._cpu(process, name)
                    memory += process.memory_info().rss
                    files = max(files, process.num_fds() if hasattr(process, "num_fds") else 0)
                    most_files = max(most_files, _allowed_files(process))
            except psutil.Error:
                continue
        samples.append(Sample("CPU of this machine", "%", psutil.cpu_percent(None), 100.0))
        samples.append(Sample("memory", "MB", memory / MB, psutil.virtual_memory().total / MB))
        if files:
            samples.append(Sample("open files", "", files, most_files or None))
        return samples

    def _find(self) -> psutil.Process | None:
        pid = self._number if self._kind == PID else _listening_on(self._number)
        try:
            process = psutil.Process(pid) if pid else None
        except psutil.Error:
            return None
        return process if process is not None and _lives(process) else None

    def _is_gone(self) -> None:
        """A port may get a new process; a number does not come back."""
        if self._process is not None:
            self._findings.append(f"The watched process {self._process.pid} ended at {_now()}")
            self._process, self._family = None, []
        if self._kind == PORT and (found := self._find()) is not None:
            self._process, self._looked_at = found, 0.0
            self._findings.append(f"Port {self._number} was taken by a new process, {found.pid}, at {_now()}")

    def _with_children(self, process: psutil.Process) -> list[psutil.Process]:
        now = time.monotonic()
        if now - self._looked_at >= FAMILY_EVERY_SECONDS:
            self._looked_at = now
            try:
                children = process.children(recursive=True)
            except psutil.Error:
                children = []
            self._family = [process, *children][:SHOWN]
        return self._family

    def _cpu(self, process: psutil.Process, name: str) -> list[Sample]:
        """Since the last look; the first says nothing."""
        times, now = process.cpu_times(), time.monotonic()
        spent = times.user + times.system
        before = self._spent.get(process.pid)
        self._spent[process.pid] = spent, now
        if before is None or now <= before[1]:
            return []
        share = max(0.0, (spent - before[0]) / (now - before[1]) * 100)
        samples = [Sample(f"CPU of {name}", "% of a core", share, 100.0)]
        needed, needed_before = _needed_seconds(process.pid), self._needed.get(process.pid)
        if needed is not None:
            self._needed[process.pid] = needed
            if needed_before is not None:
                need = (needed - needed_before) / (now - before[1]) * 100
                samples.append(Sample(f"the need of {name} for a core", "% of a thread", min(100.0, need), 100.0))
        return samples


def _needed_seconds(pid: int) -> float | None:
    """How long its first thread has computed, or waited for a core to do so: on a busy machine it is used up by both.

    Only Linux tells it.
    """
    try:
        computing, waiting, _ = Path(f"/proc/{pid}/schedstat").read_text("ascii").split()
    except (OSError, ValueError):
        return None
    return (int(computing) + int(waiting)) / 1e9


def _understood(given: str) -> tuple[str, int]:
    kind, mark, number = given.partition(":")
    kind, number = (kind, number) if mark else ("", given)
    if kind not in ("", PID, PORT) or not number.isdecimal() or not int(number):
        raise SetupError(f"--watch-process {given!r} is no process", "write its number, pid:4711, or port:5000")
    if kind:
        return kind, int(number)
    is_pid, listens = psutil.pid_exists(int(number)), _listening_on(int(number)) is not None
    if is_pid and listens:
        raise SetupError(f"--watch-process {given} is a process and a port", f"write pid:{given} or port:{given}")
    return (PORT if listens else PID), int(number)


def _listening_on(port: int) -> int | None:
    try:
        connections = psutil.net_connections(kind="tcp")
    except psutil.Error:
        return None
    return next(
        (one.pid for one in connections if one.status == psutil.CONN_LISTEN and one.laddr.port == port and one.pid),
        None,
    )


def _nobody(port: int) -> str:
    return f"nobody that this user may see listens on port {port}"


def _lives(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _allowed_files(process: psutil.Process) -> int:
    """Where the system tells it of others."""
    if not hasattr(process, "rlimit"):
        return 0
    try:
        soft, _ = process.rlimit(psutil.RLIMIT_NOFILE)
    except (psutil.Error, OSError):
        return 0
    return 0 if soft == psutil.RLIM_INFINITY else int(soft)


def _now() -> str:
    return time.strftime("%H:%M:%S", time.gmtime())
