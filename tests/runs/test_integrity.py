"""The races as a scenario: with workers and a restart, with mutants, and reading only."""

import json
import signal
import time

import pytest

from integrity.breaches import AUDITED, LOST, ONE_BOOKING, OWN_ANSWER, TOTALS
from tests.processes import own_workers

RACES = ("--config", "config/scenarios/integrity.conf")
LENIENT = "[everything]\nfailure_ratio = 0.9\n"


@pytest.fixture
def raced(run, start_sandbox, tmp_path):
    """`raced(*options, sandbox=(...))`: races on a fresh sandbox of its own; its rows are as they were before."""

    def race_to_the_end(*options, sandbox=(), seconds=12):
        server = start_sandbox(*sandbox)
        before = server.rows()
        lenient = tmp_path / "slo.toml"
        lenient.write_text(LENIENT, "utf-8")
        more = {"host": server.url, "seconds": seconds, "users": 6}
        finished = run(*RACES, "--slo", str(lenient), *options, **more)
        assert server.rows() == before, finished.output
        (verdict,) = (tmp_path / "results").glob("*/verdict.json")
        return finished, json.loads(verdict.read_text("utf-8"))["integrity"]

    return race_to_the_end


def broken(report):
    return {row["invariant"] for row in report["rows"] if row["broken"]}


def test_what_was_acknowledged_outlives_a_killed_api(start_locust, start_sandbox, tmp_path):
    """With workers, and with accounts of a file."""
    accounts, lenient = tmp_path / "accounts.csv", tmp_path / "slo.toml"
    people = ["admin,password123,admin", "doctor002,password123,doctor", "patient0003,password123,patient"]
    accounts.write_text("\n".join(["username,password,role", *people]), "utf-8")
    lenient.write_text(LENIENT, "utf-8")
    server = start_sandbox()
    before = server.rows()
    locust = start_locust(
        *(*RACES, "--accounts", str(accounts), "--slo", str(lenient), *own_workers()),
        *("--host", server.url, "-u", "6", "-r", "6", "-t", "25s", "--think-time", "0.1-0.3"),
    )
    locust.wait_for_line("The races begin")
    time.sleep(3)
    server.stop(signal.SIGKILL)
    server = start_sandbox("--resume", "--port", server.url.rpartition(":")[2], database=server.database)
    code = locust.wait()
    (verdict,) = (tmp_path / "results").glob("*/verdict.json")
    report = json.loads(verdict.read_text("utf-8"))["integrity"]
    assert broken(report) == set(), locust.output
    assert code == 0, locust.output
    assert report["interruptions"] >= 1
    assert {LOST, AUDITED} <= {row["invariant"] for row in report["rows"] if row["kept"]}
    assert "all that had been acknowledged was read again afterwards" in locust.output
    assert server.rows() == before, locust.output


def test_mutants_are_found_and_named_as_reasons_with_the_requests(raced, tmp_path):
    policies = tmp_path / "policies.toml"
    policies.write_text('[policies]\ndouble_booking = "forbidden"\n', "utf-8")
    mutants = ("--mutant", "not-stored", "--mutant", "double-booking")
    finished, report = raced("--policies", str(policies), "--race", "booking", "--seed", "abc.7", sandbox=mutants)
    assert finished.code == 1, finished.output
    assert broken(report) == {LOST, ONE_BOOKING}
    first = next(breach for breach in report["breaches"] if breach["invariant"] == ONE_BOOKING)
    assert first["again"].endswith("--race booking --seed abc.7")
    assert len(first["requests"]) > 1
    assert all(sent["request"].startswith("POST /api/appointments/citas {") for sent in first["requests"])
    assert "of “no double booking”: one doctor has" in finished.output
    assert "password123" not in finished.output
    assert "eyJ" not in json.dumps(report)


def test_who_only_reads_is_told_what_is_left_out(raced):
    finished, report = raced("--read-only", seconds=6)
    assert finished.code == 0, finished.output
    assert {row["invariant"] for row in report["rows"]} == {OWN_ANSWER, TOTALS}
    assert "not judged, everything that has to be written for it (--read-only)" in finished.output
