"""What watching costs the server: processor time of PostgreSQL and of the API for a request, with it and without."""

import http.client
import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from statistics import median

import psutil

from run.watch_postgres import PostgresSource
from run.watch_process import PID, ProcessSource
from tests.postgres import PASSWORD, Postgres, postgres
from tests.processes import SandboxProcess, start_sandbox

CLIENTS, ROUNDS, SECONDS = 4, 12, 5.0
WATCHER = "postgres: monitor"
PATHS = ("/api/appointments/citas?paciente_id=7", "/api/patients/7", "/api/doctors", "/api/appointments/consultas")
SIGN_IN = json.dumps({"username": "admin", "password": "password123"})


@dataclass(frozen=True)
class Lap:
    """Of some seconds under load: CPU time in ms for each request, and requests per second.

    `watcher` is the CPU time of the session that watches, in ms each second.
    """

    api: float
    database: float
    per_second: float
    watcher: float


def lines(rounds: int = ROUNDS) -> Sequence[str]:
    """Rounds with and without watching in turn, so that what else the machine does meets both alike."""
    with postgres() as server:
        server.run("CREATE DATABASE clinic")
        with start_sandbox("--patients", "2000", database=server.dsn_of("owner", database="clinic")) as sandbox:
            server.run("CREATE EXTENSION pg_stat_statements", "VACUUM ANALYZE", database="clinic")
            with _load(sandbox) as counts:
                _lap(sandbox, server, counts)  # everything is warm then
                laps: dict[bool, list[Lap]] = {True: [], False: []}
                for number in range(2 * rounds):
                    watching = number % 4 in (1, 2)
                    with _watched(sandbox, server) if watching else nullcontext():
                        laps[watching].append(_lap(sandbox, server, counts))
    own = median(lap.watcher for lap in laps[True])
    share = own / median((lap.api + lap.database) * lap.per_second for lap in laps[False])
    return [
        f"the session that watches: {own:.3g} ms of CPU each second, "
        f"{share:.2%} of what API and PostgreSQL take for the load",
        *(_line(name, laps) for name in ("api", "database", "per_second")),
    ]


def _line(name: str, laps: dict[bool, list[Lap]]) -> str:
    told = {"api": "ms of the API's CPU for a request", "database": "ms of PostgreSQL's CPU for a request"}
    without, watched = (median(getattr(lap, name) for lap in laps[watching]) for watching in (False, True))
    pairs = zip(laps[False], laps[True], strict=True)
    change = median(getattr(after, name) / getattr(before, name) - 1 for before, after in pairs)
    return f"{told.get(name, 'requests per second')}: {without:.4g} without, {watched:.4g} watched ({change:+.2%})"


def _lap(sandbox: SandboxProcess, server: Postgres, counts: list[int]) -> Lap:
    processes = _postgres_processes(server)
    watching = [one for one in processes if WATCHER in " ".join(one.cmdline())]
    before, began = sum(counts), time.monotonic()
    spent = _cpu([psutil.Process(sandbox.pid)]), _cpu(processes), _cpu(watching)
    time.sleep(SECONDS)
    requests, seconds = sum(counts) - before, time.monotonic() - began
    api, database = _cpu([psutil.Process(sandbox.pid)]) - spent[0], _cpu(processes) - spent[1]
    own = (_cpu(watching) - spent[2]) * 1000 / seconds
    return Lap(api * 1000 / requests, database * 1000 / requests, requests / seconds, own)


def _postgres_processes(server: Postgres) -> list[psutil.Process]:
    """The server and all its sessions, the one that watches among them."""
    listening = (one for one in psutil.net_connections("tcp") if one.status == psutil.CONN_LISTEN)
    whole = psutil.Process(next(one.pid for one in listening if one.laddr.port == server.port))
    return [whole, *whole.children(recursive=True)]


def _cpu(processes: Sequence[psutil.Process]) -> float:
    spent = 0.0
    for process in processes:
        with suppress(psutil.Error):
            times = process.cpu_times()
            spent += times.user + times.system
    return spent


@contextmanager
def _load(sandbox: SandboxProcess) -> Iterator[list[int]]:
    """So many clients that ask one request after the other; how many each has had answered."""
    counts, over = [0] * CLIENTS, threading.Event()

    def ask(number: int) -> None:
        connection = http.client.HTTPConnection(sandbox.url.removeprefix("http://"))
        connection.request("POST", "/api/auth/login", SIGN_IN, {"Content-Type": "application/json"})
        token = json.loads(connection.getresponse().read())["token"]
        while not over.is_set():
            connection.request("GET", PATHS[counts[number] % len(PATHS)], headers={"Authorization": f"Bearer {token}"})
            connection.getresponse().read()
            counts[number] += 1

    clients = [threading.Thread(target=ask, args=(number,)) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    try:
        yield counts
    finally:
        over.set()
        for client in clients:
            client.join()


@contextmanager
def _watched(sandbox: SandboxProcess, server: Postgres) -> Iterator[None]:
    """As in a run: a look each second, in a thread."""
    database = PostgresSource(f"{server.dsn_of('monitor', database='clinic')}?password={PASSWORD}")
    sources, over = (database, ProcessSource(f"{PID}:{sandbox.pid}")), threading.Event()
    for source in sources:
        source.start()
    database.begin(time.time())

    def look() -> None:
        while not over.wait(1.0):
            for source in sources:
                source.sample()

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield
    finally:
        over.set()
        looking.join()
        database.close()
