"""The real process on a real PostgreSQL: what it takes, what it leaves alone, and what it never tells."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from typing import Any

import psycopg
import pytest

from tests.contract.engines import PostgresServer
from tests.contract.people import PASSWORD
from tests.postgres import PASSWORD as OF_THE_DATABASE
from tests.postgres import Postgres
from tests.processes import PATIENCE, READY, ROOT, SandboxProcess, clean_environment

SMALL = ("--patients", "5", "--doctors", "2")
TOKEN = {"Content-Type": "application/json"}


class Client:
    """The administrator, on a connection of its own."""

    def __init__(self, url: str) -> None:
        self._connection = HTTPConnection(url.removeprefix("http://"), timeout=PATIENCE)
        self._headers = dict(TOKEN)
        signed_in = self.ask("POST", "/api/auth/login", username="admin", password=PASSWORD)
        self._headers["Authorization"] = f"Bearer {signed_in['token']}"

    def ask(self, method: str, path: str, **body: Any) -> Any:
        self.send(method, path, **body)
        return self.answer()

    def send(self, method: str, path: str, **body: Any) -> None:
        self._connection.request(method, path, json.dumps(body) if body else None, self._headers)

    def answer(self) -> Any:
        response = self._connection.getresponse()
        content = json.loads(response.read())
        return content if response.status < 400 else {**content, "status": response.status}

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def sign_in() -> Iterator[Callable[[SandboxProcess], Client]]:
    clients: list[Client] = []

    def give(sandbox: SandboxProcess) -> Client:
        clients.append(Client(sandbox.url))
        return clients[-1]

    yield give
    for client in clients:
        client.close()


def refused(*arguments: str, **settings: str) -> str:
    """What it says when it does not start: one line."""
    command = [sys.executable, "-m", "sandbox", "--port", "0", *SMALL, *arguments]
    ended = subprocess.run(
        command, cwd=ROOT, env=clean_environment(settings), capture_output=True, text=True, timeout=PATIENCE
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.count("\n") == 1, ended.stderr
    return ended.stderr


def test_what_was_written_is_there_again(
    on_postgres: PostgresServer,
    start_sandbox: Callable[..., SandboxProcess],
    sign_in: Callable[[SandboxProcess], Client],
) -> None:
    dsn = on_postgres.made()
    first = start_sandbox(*SMALL, database=dsn)
    made = sign_in(first).ask("POST", "/api/insurance/companies", nombre="ZZ")["id"]
    assert first.stop() == 0
    second = start_sandbox("--patients", "99", database=dsn)
    assert "--database holds a clinic already, which is used as it is" in second.output
    admin = sign_in(second)
    assert admin.ask("GET", f"/api/insurance/companies/{made}")["nombre"] == "ZZ"
    assert admin.ask("GET", "/api/patients")["pagination"]["total"] == 5
    assert admin.ask("GET", "/health/database")["database"]["version"].startswith("PostgreSQL ")


def test_it_comes_back_on_the_same_data(
    on_postgres: PostgresServer,
    start_sandbox: Callable[..., SandboxProcess],
    sign_in: Callable[[SandboxProcess], Client],
) -> None:
    sandbox = start_sandbox(*SMALL, "--restart-after", "1", database=on_postgres.made())
    sandbox.wait_for_line(READY, after=1)
    assert sign_in(sandbox).ask("GET", "/api/patients")["pagination"]["total"] == 5
    assert "holds a clinic already" not in sandbox.output


def test_tables_of_somebody_else_are_left_alone(on_postgres: PostgresServer) -> None:
    dsn = on_postgres.made()
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("CREATE TABLE invoices (id int)")
        expected = (
            "sandbox: --database holds tables of somebody else (invoices), and is left alone; name an empty one\n"
        )
        assert refused("--database", dsn) == expected
        connection.execute("ALTER TABLE invoices RENAME TO cita")
        assert "lacks tables (acceso_codigo, archivo, archivo_asociacion, ...)" in refused("--database", dsn)
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        assert tables == [("cita",)]


def test_a_database_that_cannot_be_had_is_said_without_its_password(postgres_server: Postgres) -> None:
    def named(user: str = "monitor", database: str = "postgres") -> str:
        return postgres_server.dsn_of(user, database=database)

    postgres_server.run("REVOKE CREATE ON SCHEMA public FROM PUBLIC")  # as it is from version 15 on
    shown = postgres_server.dsn_of("monitor", OF_THE_DATABASE)
    assert "a password in the DSN would be shown to others: set PGPASSWORD" in refused("--database", shown)
    assert "Connection refused" in refused("--database", "postgresql://monitor@127.0.0.1:1/cms", PGPASSWORD="x")
    assert "authentication failed" in refused("--database", named(), PGPASSWORD=f"not {OF_THE_DATABASE}")
    assert "permission denied" in refused("--database", named(), PGPASSWORD=OF_THE_DATABASE)
    assert "permission denied" in refused(SANDBOX_DATABASE=shown)
    assert '"nope" does not exist' in refused("--database", named("owner", "nope"))
    assert "this is no DSN of PostgreSQL" in refused("--database", f"postgresql://{OF_THE_DATABASE}:x:y/?nope=1")
    assert "--resume needs the --database" in refused("--database", named("owner"), "--resume")
    for told in (refused("--database", shown), refused(SANDBOX_DATABASE=shown)):
        assert OF_THE_DATABASE not in told


def test_requests_do_not_wait_for_anothers_statement(
    on_postgres: PostgresServer,
    start_sandbox: Callable[..., SandboxProcess],
    sign_in: Callable[[SandboxProcess], Client],
) -> None:
    dsn = on_postgres.made()
    sandbox = start_sandbox(*SMALL, database=dsn)
    waiting, other = sign_in(sandbox), sign_in(sandbox)
    with psycopg.connect(dsn) as holding:
        holding.execute("UPDATE aseguradora SET nombre = 'held' WHERE id = 1")
        waiting.send("PUT", "/api/insurance/companies/1", nombre="ZZ")
        assert other.ask("GET", "/api/insurance/companies/1")["nombre"] == "Insurer 1"
    assert waiting.answer()["id"] == 1
    assert other.ask("GET", "/api/insurance/companies/1")["nombre"] == "ZZ"


def test_a_statement_is_one_whatever_its_numbers(
    postgres_server: Postgres,
    on_postgres: PostgresServer,
    start_sandbox: Callable[..., SandboxProcess],
    sign_in: Callable[[SandboxProcess], Client],
) -> None:
    dsn = on_postgres.made()
    admin = sign_in(start_sandbox(*SMALL, database=dsn))
    for number in (1, 70_000, 2**31 - 1):
        admin.ask("GET", f"/api/patients/{number}")
    counted = "SELECT s.calls FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid"
    with psycopg.connect(postgres_server.dsn) as owner:
        only = f"{counted} WHERE d.datname = %s AND s.query LIKE %s"
        assert owner.execute(only, (dsn.rpartition("/")[2], "%p.id = $1")).fetchall() == [(3,)]


def test_after_a_broken_connection_it_goes_on(
    on_postgres: PostgresServer,
    start_sandbox: Callable[..., SandboxProcess],
    sign_in: Callable[[SandboxProcess], Client],
) -> None:
    dsn = on_postgres.made()
    sandbox = start_sandbox(*SMALL, database=dsn)
    waiting, admin = sign_in(sandbox), sign_in(sandbox)

    def both() -> list[int]:
        """The status of a request that waits for a lock, and of one meanwhile, on another connection of the sandbox."""
        with psycopg.connect(dsn) as holding:
            holding.execute("UPDATE aseguradora SET nombre = 'held' WHERE id = 1")
            waiting.send("PUT", "/api/insurance/companies/1", nombre="ZZ")
            found = [admin.ask("GET", "/api/insurance/companies/1").get("status", 200)]
        return [*found, waiting.answer().get("status", 200)]

    assert both() == [200, 200]
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'cms-sandbox'")
    assert admin.ask("GET", "/api/insurance/companies/1")["status"] == 500
    assert both() == [200, 200]


def test_who_keeps_a_file_needs_no_driver() -> None:
    code = "import sandbox.cli, sys; sys.exit('psycopg' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=PATIENCE).returncode == 0


def test_a_run_shows_no_password_of_its_sandbox(start_locust: Callable[..., Any]) -> None:
    args = f"--database postgresql://cms:{OF_THE_DATABASE}@127.0.0.1:1/cms"
    locust = start_locust("--headless", "-u", "1", "-t", "1s", f"--sandbox-args={args}")
    assert locust.wait() == 2
    assert "a password in --sandbox-args would be shown to others" in locust.output
    assert OF_THE_DATABASE not in locust.output
