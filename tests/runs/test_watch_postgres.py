"""Watching a real PostgreSQL that has one thing wrong: the first that is said names it, with its route."""

import threading
import time

import psycopg
import pytest

from config.errors import SetupError
from reporting.metrics.resources import ResourceBook, Span
from reporting.verdict.database_findings import database_found
from run.watch_postgres import PostgresSource
from tests.planted_database import INDEX, LOCK, PER_ROW, SCHEMA, SLOW_ROUTE, VISITS, planted_database
from tests.postgres import PASSWORD, postgres

LOOKS = 12
FIRST = {
    INDEX: (
        f"The table visita ({VISITS:,} rows) was read from end to end",
        "an index on visita (paciente_id) would help",
    ),
    PER_ROW: ("`SELECT id, nombre FROM patients p WHERE p.id = $1", "a statement for each row"),
    LOCK: (
        "`UPDATE agenda SET vistas = vistas + ? WHERE id = ?`",
        "held by `UPDATE agenda SET vistas = ? WHERE",
    ),
}


@pytest.fixture(scope="module")
def database():
    """A clinic's, for the tests of this file."""
    with postgres() as found:
        found.run(*SCHEMA)
        yield found


@pytest.mark.parametrize("planted", FIRST)
def test_what_was_planted_is_named_first(run, sandbox, database, planted, tmp_path):
    with planted_database(database.dsn_of("plain"), int(sandbox.url.rsplit(":", 1)[1]), planted) as api:
        if planted == LOCK:
            threading.Timer(10, disturb, [database]).start()
        env = {"PGPASSWORD": PASSWORD}
        result = run("--watch-postgres", database.monitor, host=api.url, users=20, seconds=35, think="0.1-0.5", env=env)
    assert result.code in (0, 1), result.output
    watched = result.verdict["watched"]
    begins, helps = FIRST[planted]
    assert watched["sentences"][0].startswith(begins), watched
    assert helps in watched["sentences"][0]
    assert watched["most"]["connections of the database"] >= 1
    (folder,) = (tmp_path / "results").iterdir()
    if planted == LOCK:
        assert [told[:34] for told in watched["sentences"] if "could" in told] == [
            "The database could not be watched ",
            "The database could be watched agai",
        ]
    else:
        assert SLOW_ROUTE in watched["sentences"][0]
        assert "watched by the load suite" not in str(watched["statements"])
        assert "<code>SELECT token FROM sesion WHERE id = $1</code>" in (folder / "report.html").read_text("utf-8")
    files = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    assert not any(PASSWORD.encode() in content for content in [*files, result.output.encode()])


def disturb(database):
    """An administrator ends the session that watches."""
    database.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'monitor'")


def test_a_pool_that_is_too_small_is_named(database):
    over = threading.Event()
    pool = [psycopg.connect(database.dsn_of("plain"), autocommit=True, application_name="api") for _ in range(2)]

    def work(connection):
        """Holds its transaction, and so its connection, while it does other things."""
        while not over.is_set():
            with connection.transaction():
                connection.execute("SELECT token FROM sesion WHERE id = 1")
                over.wait(0.3)

    workers = [threading.Thread(target=work, args=(connection,)) for connection in pool]
    source, book, began = PostgresSource(database.dsn), ResourceBook(), time.time()
    source.start()
    source.begin(began)
    for worker in workers:
        worker.start()
    for _ in range(LOOKS):
        book.add(0, source.sample())
        time.sleep(0.05)
    source.finish(book, Span(began, began, time.time()))
    source.close()
    over.set()
    for worker, connection in zip(workers, pool, strict=True):
        worker.join()
        connection.close()
    causes = database_found(book.database, None).causes
    assert causes, book.database
    assert causes[0].startswith("All 2 connections of api at 127.0.0.1 to the data")


def start(dsn):
    source = PostgresSource(dsn)
    source.start()
    return source


def test_what_cannot_be_watched_is_refused_in_one_line_without_its_password(database):
    with pytest.raises(SetupError, match=r"^--watch-postgres: the login was refused .*: set its password with"):
        start(database.dsn_of("monitor", "wrong"))
    with pytest.raises(SetupError, match=r'^--watch-postgres: .*database "nope" does not exist.*: name a database'):
        start(database.dsn_of("plain", database="nope"))
    with pytest.raises(SetupError, match=r"^--watch-postgres: the database does not answer .*: correct host and port"):
        start(f"postgresql://monitor:{PASSWORD}@127.0.0.1:1/cms")
    for nonsense in (f"host=x {PASSWORD}", "http://localhost:5432", "cms"):
        with pytest.raises(SetupError, match=r"is no DSN of PostgreSQL: write it like postgresql://") as refused:
            start(nonsense)
        assert PASSWORD not in str(refused.value)


def test_a_right_or_an_extension_that_is_missing_is_told_once_and_the_rest_is_watched(database):
    database.run("CREATE DATABASE bare TEMPLATE template0")
    source = start(database.dsn_of("plain", database="bare"))
    source.begin(time.time())
    for _ in range(3):
        assert {sample.series for sample in source.sample()} >= {"connections of the database"}
    source.close()
    right, extension = source.findings()
    assert right.startswith("The role plain is not in pg_monitor (GRANT pg_monitor TO plain): it would also show")
    assert extension.startswith("The database has no pg_stat_statements (shared_preload_libraries = ")
