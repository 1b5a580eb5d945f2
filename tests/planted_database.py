"""A clinic on a real PostgreSQL with one thing wrong, asked by a proxy for every request before the sandbox answers."""

import itertools
import queue
import random
import socket
import threading
from contextlib import contextmanager, suppress

import psycopg

from tests.faulty_proxy import FaultyProxy, message_from

INDEX, PER_ROW, LOCK, POOL = "an index that is missing", "a statement per row", "a lock", "a pool of two"
SLOW_ROUTE = "GET /api/appointments/citas"
VISITS, PEOPLE, ROWS_OF_A_LIST = 500_000, 2_000, 30
SCHEMA = (
    "CREATE TABLE sesion AS SELECT id, md5(id::text) AS token FROM generate_series(1, 2000) id",
    "ALTER TABLE sesion ADD PRIMARY KEY (id)",
    *(
        f"CREATE TABLE {table} AS SELECT id, md5(id::text) AS nombre FROM generate_series(1, {PEOPLE}) id"
        for table in ("patients", "doctors", "appointments", "users", "notifications", "insurance", "catalogs", "files")
    ),
    *(
        f"ALTER TABLE {table} ADD PRIMARY KEY (id)"
        for table in ("patients", "doctors", "appointments", "users", "notifications", "insurance", "catalogs", "files")
    ),
    f"CREATE TABLE visita AS SELECT id, id % {PEOPLE} AS paciente_id, md5(id::text) AS nota"
    f" FROM generate_series(1, {VISITS}) id",
    "ALTER TABLE visita ADD PRIMARY KEY (id)",
    "CREATE TABLE agenda (id int PRIMARY KEY, vistas int)",
    "INSERT INTO agenda VALUES (1, 0)",
    "ANALYZE",
    "GRANT SELECT, UPDATE ON ALL TABLES IN SCHEMA public TO plain",
)


class AskingFirst(FaultyProxy):
    """Calls `ask` with `METHOD /path` before it passes a request on."""

    def __init__(self, port, ask):
        self._ask = ask
        super().__init__(port)

    def _serve(self, client):
        with client, suppress(OSError), socket.create_connection(("127.0.0.1", self._port)) as server:
            while request := message_from(client):
                method, path, _ = request.decode("latin-1").split(" ", 2)
                self._ask(f"{method} {path.partition('?')[0]}")
                server.sendall(request)
                client.sendall(message_from(server))


class PlantedDatabase:
    """Between a run and its sandbox: `url` is for the run."""

    def __init__(self, dsn, sandbox_port, planted):
        self._planted = planted
        self._free = queue.Queue()
        self._connections = [
            psycopg.connect(dsn, autocommit=True, application_name="api") for _ in range(2 if planted == POOL else 12)
        ]
        for connection in self._connections:
            self._free.put(connection)
        self._numbers = itertools.count(1)
        self._over = threading.Event()
        self._proxy = AskingFirst(sandbox_port, self._ask_first)
        self.url = self._proxy.url
        self._holder = threading.Thread(target=self._hold, args=(dsn,))
        self._holder.start()

    def close(self):
        self._proxy.close()
        self._over.set()
        self._holder.join()
        for connection in self._connections:
            with suppress(psycopg.Error):
                connection.close()

    def _ask_first(self, route):
        connection = self._free.get()
        try:
            self._statements(connection, route)
        finally:
            self._free.put(connection)

    def _statements(self, connection, route):
        one = next(self._numbers) % PEOPLE + 1
        connection.execute("SELECT token FROM sesion WHERE id = %s", (one,))
        part = route.split("/")[2] if route.startswith("GET /api/") else ""
        if part in ("patients", "doctors", "appointments", "users", "notifications", "insurance", "catalogs", "files"):
            connection.execute(f"SELECT nombre FROM {part} WHERE id = %s", (one,))
        if self._planted == POOL:
            connection.execute("SELECT sum(length(md5(nota))) FROM visita WHERE id BETWEEN %s AND 25000", (one,))
        if route != SLOW_ROUTE:
            return
        if self._planted == INDEX:
            connection.execute("SELECT nota FROM visita WHERE paciente_id = %s ORDER BY id", (one,))
        if self._planted == PER_ROW:
            for _ in range(ROWS_OF_A_LIST):
                row = random.randint(1, PEOPLE)
                connection.execute("SELECT id, nombre FROM patients p WHERE p.id = %s AND p.nombre <> ''", (row,))
        if self._planted == LOCK:
            connection.execute("UPDATE agenda SET vistas = vistas + 1 WHERE id = 1")

    def _hold(self, dsn):
        """A job that opens a transaction, and takes its time."""
        if self._planted != LOCK:
            return
        with psycopg.connect(dsn, autocommit=True, application_name="nightly") as connection:
            while not self._over.wait(0.5):
                with connection.transaction():
                    connection.execute("UPDATE agenda SET vistas = 0 WHERE id = 1")
                    self._over.wait(1.2)


@contextmanager
def planted_database(dsn, sandbox_port, planted):
    database = PlantedDatabase(dsn, sandbox_port, planted)
    try:
        yield database
    finally:
        database.close()
