"""The planted bottlenecks: each is a real one, and the answers stay what they are."""

from collections.abc import Callable
from typing import Any

import psutil
import psycopg
import pytest

from sandbox.app import create_app
from sandbox.db import Database
from sandbox.planted_slowness import BOTTLENECKS, ON_POSTGRES
from tests.contract.engines import PostgresServer
from tests.contract.people import Person, sign_in
from tests.contract.test_on_postgresql import refused

READ = ("/api/appointments/citas?limit=20", "/api/appointments/consultas", "/api/insurance/policies", "/api/patients/7")


@pytest.fixture
def plant(on_postgres: PostgresServer) -> Any:
    """`plant(name)`: an administrator, and the database behind the app."""
    opened: list[Database] = []

    def start(*names: str) -> tuple[Person, Database]:
        opened.append(on_postgres.copy())
        client = create_app(opened[-1], bottlenecks=names).test_client()
        return sign_in(client, "admin"), opened[-1]

    yield start
    for database in opened:
        on_postgres.close(database)


@pytest.mark.parametrize("name", sorted(BOTTLENECKS.keys() - {"held-lock"}))
def test_the_answers_are_those_of_a_sound_clinic(plant: Callable[..., tuple[Person, Database]], name: str) -> None:
    """The lock is held by a greenlet, which a test within one process would wait for."""
    (sound, _), (slow, _) = plant(), plant(name)
    for path in READ:
        assert slow.get(path) == sound.get(path)


def statements(database: Database) -> int:
    """How many this database has been sent so far."""
    found = "SELECT SUM(calls) FROM pg_stat_statements WHERE dbid = (SELECT oid FROM pg_database WHERE datname = "
    return int(database.value(f"{found}current_database())"))


def test_a_list_asks_for_each_of_its_rows(plant: Callable[..., tuple[Person, Database]], postgres_server: Any) -> None:
    asked = []
    for names in ((), ("row-by-row",)):
        person, database = plant(*names)
        database.execute("CREATE EXTENSION pg_stat_statements")
        before = statements(database)
        assert len(person.get(READ[0]).json["data"]) == 20
        asked.append(statements(database) - before)
    assert asked[1] - asked[0] == 40


def test_an_index_is_gone_and_a_trail_grows(plant: Callable[..., tuple[Person, Database]]) -> None:
    _, database = plant("no-index")
    indexes = database.column("SELECT indexname FROM pg_indexes WHERE tablename = 'cita'")
    assert "cita_inicio" in indexes
    assert not {"cita_paciente", "cita_medico"} & set(indexes)
    person, database = plant("growing-scan")
    for _ in range(3):
        person.get("/api/patients/7")
    assert database.value("SELECT COUNT(*) FROM auditoria WHERE entidad_id = 1") == 300


def test_a_leak_keeps_memory_and_a_costly_hash_takes_the_thread(plant: Callable[..., tuple[Person, Database]]) -> None:
    person, _ = plant("leak")
    before = psutil.Process().memory_info().rss
    for _ in range(200):
        person.get("/health/api")
    assert psutil.Process().memory_info().rss - before > 20_000_000
    _, database = plant("costly-sign-in")
    hashes = database.column("SELECT password FROM usuario")
    assert {hashed.partition("$")[0] for hashed in hashes} == {"pbkdf2:sha256:200000"}


def test_a_job_holds_a_lock_that_writes_wait_for(
    on_postgres: PostgresServer, start_sandbox: Callable[..., Any]
) -> None:
    dsn = on_postgres.made()
    start_sandbox("--patients", "5", "--doctors", "2", "--bottleneck", "held-lock", database=dsn)
    locks = "SELECT COUNT(*) FROM pg_locks WHERE mode = 'ShareRowExclusiveLock' AND relation = 'auditoria'::regclass"
    with psycopg.connect(dsn, autocommit=True) as owner:
        seen = False
        while not seen:  # the test's own time limit ends it
            seen = owner.execute(locks).fetchone() == (1,)


def test_what_is_the_databases_needs_one() -> None:
    for name in ON_POSTGRES:
        told = refused("--bottleneck", name)
        assert told == f"sandbox: --bottleneck {name} needs a --database such as postgresql://cms@localhost:5432/cms\n"
