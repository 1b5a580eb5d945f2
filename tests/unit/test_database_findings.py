"""What is said of a watched database: what matters most comes first, what does not matter is not said."""

import pytest
from msgspec.structs import replace

from reporting.metrics.database import Database, LockWait, Pool, Statement, Table
from reporting.metrics.resources import Span
from reporting.verdict.database_findings import StatementFound, database_found, route_text
from run.postgres_log import Counts, DatabaseLog, TableCounts, Wait
from tests.unit.test_attribution import ROUTES, SECONDS, clinic, timeline_of

SLOW = "SELECT nota FROM visita WHERE paciente_id = $1"
SCANNED = Table("visita", 150_000, 400, 60_000_000, ["id"])
BUSY = Pool("api at 10.0.0.7", 2, 40, 40)


def statement(text=SLOW, ms=900.0, calls=400, per_request=1, route=ROUTES[2]):
    counts = clinic()[route]
    looks = [(second + 0.02, per_request * sum(counts[:second])) for second in range(SECONDS)]
    return Statement(text, text, calls, ms, looks=looks)


def found(*statements, ms=1000.0, calls=1000, **seen):
    database = Database(name="cms", seconds=39, ms=ms, calls=calls, statements=statements, **seen)
    return database_found(database, timeline_of(clinic()))


def test_an_index_that_is_missing_is_named_with_its_route():
    (cause,) = found(statement(), tables=[SCANNED]).causes
    assert cause == (
        f"The table visita (150,000 rows) was read from end to end 400 times by `{SLOW}` of {ROUTES[2]} (99 % sure), "
        "90 % of the database's time, 2.25 ms a call; an index on visita (paciente_id) would help "
        "(a guess from its text)"
    )


def test_the_table_of_statements_says_of_which_route_each_is_and_what_part():
    half = statement(ms=100.0)
    doubled = Statement("B", "B", 800, 50.0, looks=[(at, 2 * calls) for at, calls in half.looks])
    rows = found(half, doubled).statements
    assert [route_text(row) for row in rows] == [f"{ROUTES[2]} (99 % sure)"] * 2
    assert [row.share for row in rows] == [0.1, 0.05]
    part = StatementFound("A", 0.5, 10, 1.0, 1.0, 0, ROUTES[2], 0.6, 1.0, 0.95)
    assert route_text(part) == f"{ROUTES[2]}, 60 % of its calls (95 % sure)"
    assert route_text(StatementFound("A", 0.5, 10, 1.0, 1.0, 0)) == "-"


@pytest.mark.parametrize("table", [Table("visita", 900, 400, 360_000), Table("visita", 150_000, 400, 4_000)])
def test_a_small_table_and_a_scan_that_a_limit_ends_are_no_trouble(table):
    told = found(statement(), tables=[table])
    assert told.causes == []
    assert told.slowest[0].startswith(f"`{SLOW}` of {ROUTES[2]} (99 % sure) took the most time in the database: 90 %")


def test_a_statement_for_each_row_is_named():
    text = "SELECT nombre FROM paciente WHERE id = $1"
    (cause,) = found(statement(text, 500.0, 900, per_request=30)).causes
    assert cause.startswith(f"`{text}` was called 30 times for each {ROUTES[2]} (99 % sure), 900 times in all, 90 %")


def test_who_waits_for_whom_comes_first_when_it_took_the_time():
    wait = LockWait("UPDATE agenda SET a = ?", "UPDATE agenda SET b = ?", "idle in transaction", 0.8, 5, SLOW)
    first, second = found(statement(ms=300.0), tables=[SCANNED], waits=[wait]).causes
    assert first == (
        f"`UPDATE agenda SET a = ?` of {ROUTES[2]} (99 % sure) waited 0.8 s in all for a lock, up to 5 at once, held "
        "by `UPDATE agenda SET b = ?`, which had ended but whose transaction was still open"
    )
    assert second.startswith("The table visita")


def test_what_grows_while_it_is_read_is_said_with_it():
    grown = Table("visita", 150_000, 400, 30_000_000, ["id"], 120_000)
    (cause,) = found(statement(), tables=[grown]).causes
    assert "; it grew from 30,000 rows to 150,000 meanwhile, and with it the time that this takes" in cause


def test_what_the_database_took_of_all_waiting_is_what_it_explains():
    database = Database(name="cms", seconds=39, ms=1000.0, calls=1000, statements=[statement()], tables=[SCANNED])
    assert database_found(database, timeline_of(clinic()), 1100.0).causes != []
    assert database_found(database, timeline_of(clinic()), 9000.0).causes == []


def test_a_statement_that_waits_for_long_each_time_is_a_cause_with_what_it_waits_for():
    slow = replace(statement("SELECT nota", 90_000.0), waits_for="IO: DataFileRead", waited=0.9)
    (cause,) = found(slow, ms=91_000.0, pools=[BUSY]).causes
    assert cause.startswith(
        f"`SELECT nota` of {ROUTES[2]} (99 % sure) took the most time in the database: 99 %, 225 ms"
    )
    assert cause.endswith("; it did not compute, but waited for IO: DataFileRead in 90 % of the looks")


def test_the_statements_of_each_row_weigh_together():
    each = [statement(f"SELECT {name} FROM x WHERE id = $1", 10.0, 300, per_request=10) for name in ("a", "b")]
    causes = found(*each, statement("SELECT c", 10.0, 400), calls=1000).told
    assert [round(cause.weight, 2) for cause in causes] == [0.6, 0.6]


def test_the_log_remembers_what_statements_waited_for():
    log = DatabaseLog()
    for second in range(20):
        log.saw_statements(second + 0.02, {"a": Counts(second, 9.0 * second), "b": Counts(second, 9.0 * second)})
        log.saw_at_work([("a", "IO: DataFileRead", 3), ("a", "", 1)] if second < 10 else [("b", "", 2)])
    log.texts = {"a": "SELECT a", "b": "SELECT b"}
    waiting = {one.key: (one.waits_for, one.waited) for one in log.facts("cms", 97, Span(0, 0, 20)).statements}
    assert waiting == {"a": ("IO: DataFileRead", 0.75), "b": ("", 0.0)}


def test_a_table_has_the_rows_that_it_had_at_first_and_those_that_came():
    """PostgreSQL's estimate may be renewed meanwhile, or not."""
    log = DatabaseLog()
    for second in (0, 20):
        log.saw_statements(second, {"a": Counts(second, 9.0)})
    log.tables = [{"1": TableCounts("visita", 150, 150, 0, 0, ())}, {"1": TableCounts("visita", 400, 200, 5, 900, ())}]
    (table,) = log.facts("cms", 97, Span(0, 0, 20)).tables
    assert (table.rows, table.grown) == (200, 50)


def test_what_no_route_explains_is_held_against_all_requests():
    job = Statement("SELECT a", "SELECT a", 2_000, 10.0, looks=[(at + 0.02, 50 * at) for at in range(SECONDS)])
    (cause,) = found(job, calls=3_000).causes
    assert cause.startswith("`SELECT a` was called 6 times for each request, 2,000 times in all, 67 % of all calls")


def test_all_that_wait_for_one_holder_weigh_together():
    waits = [LockWait(text, "LOCK TABLE auditoria", "idle", 0.15, 2) for text in ("INSERT a", "INSERT b")]
    assert [cause[:10] for cause in found(statement(), waits=waits).causes] == ["`INSERT a`", "`INSERT b`"]


def test_a_pool_that_is_always_full_is_the_cause_only_where_nothing_else_fills_it():
    assert found(statement(), pools=[BUSY]).causes[0].startswith("All 2 connections of api at 10.0.0.7")
    assert [cause[:9] for cause in found(statement(), pools=[BUSY], tables=[SCANNED]).causes] == ["The table"]
    assert found(statement(), pools=[Pool("api", 20, 40, 3)]).causes == []


def test_the_limit_of_connections_deadlocks_and_temporary_files_are_told():
    told = found(most_connections=97, allowed_connections=97, deadlocks=2, temporary_files=3, temporary_bytes=2**21)
    assert told.causes == ["97 of the 97 connections that the database allows were open"]
    assert told.notes == [
        "The database broke 2 deadlocks",
        "The database wrote 3 temporary files, 2 MB: work_mem is too small for some sort",
    ]


def test_the_log_counts_the_steady_state_and_leaves_out_what_watches():
    log = DatabaseLog()
    for second in range(20):
        counts = {
            "a": Counts(100 + second, 1000.0 + 2 * second),
            "own": Counts(second, 50.0 * second),
            "old": Counts(7),
        }
        log.saw_statements(second + 0.02, counts)
    log.texts = {"a": "SELECT 'geheim'", "own": "SELECT /* watched by the load suite */ 1", "old": "SELECT 2"}
    seen = log.facts("cms", 97, Span(1000.4, 1005.4, 1015.4))
    assert (seen.calls, seen.ms) == (9, 18.0)
    (one,) = seen.statements
    assert (one.text, one.calls, one.looks[0], one.looks[-1]) == ("SELECT ?", 9, (6.02, 6), (15.02, 15))


def test_the_log_blames_who_waits_for_nobody():
    log = DatabaseLog()
    log.saw_waits([Wait(1, "", "UPDATE a", 2, "UPDATE b", "active"), Wait(2, "", "UPDATE b", 3, "LOCK 'x'", "idle")], 2)
    first, second = log.facts("cms", 97, Span(0, 0, 9)).waits
    assert {first.holder, second.holder} == {"LOCK ?"}
    assert first.seconds == second.seconds == 2.0
