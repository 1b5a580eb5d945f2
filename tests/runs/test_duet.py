"""The old release beside the new one: both are loaded at once, and judged pair by pair."""

import re

import pytest

from tests.processes import free_port, own_workers

DUET = ("-f", "load/duet.py")
LOOSE = "[everything]\np95 = 20000\nfailure_ratio = 0.5\n"
SLOW_ROUTE = "GET /api/appointments/citas"


@pytest.fixture
def duet(run, tmp_path):
    """`duet(*options, ...)`: a run in pairs, with budgets that every run keeps."""
    slo = tmp_path / "slo.toml"
    slo.write_text(LOOSE)
    return lambda *args, **given: run(*DUET, "--slo", str(slo), "--seed", "5", *args, **given)


def errors_in(output):
    return [line for line in output.splitlines() if line.startswith("error: ")]


def test_equal_hosts_pass_side_by_side_and_nothing_is_left_on_either(duet, start_sandbox):
    new, old = start_sandbox(), start_sandbox()
    before = new.rows(), old.rows()
    run = duet("--against", old.url, host=new.url, seconds=16)
    assert run.code == 0, run.output
    assert "databases are separate  ok" in run.output
    assert re.search(
        r"^Duet: everything \S+ % \(95 %: .*\) beside OLD, " + re.escape(old.url), run.output, re.MULTILINE
    )
    assert (new.rows(), old.rows()) == before
    verdict = run.verdict
    found = verdict["duet"]
    rows = {row["name"]: row for row in found["rows"] if row["kind"] in ("everything", "role")}
    assert found["against"] == old.url
    assert rows.keys() == {"", "admin", "doctor", "patient"}
    steady = verdict["everything"]["steady"]
    assert 0.9 * steady["requests"] <= rows[""]["pairs"] + rows[""]["unmatched"] <= 1.1 * steady["requests"]
    assert rows[""]["pairs"] > 10 * rows[""]["unmatched"]
    assert {row["kind"] for row in found["rows"]} == {"everything", "role", "endpoint", "journey"}
    assert all(check["ok"] for check in verdict["stimulus"]), verdict["stimulus"]


def test_a_slower_release_fails_and_its_slow_route_is_named_also_with_workers(duet):
    new = f"--latency 20 --fault 'delay=80,route={SLOW_ROUTE}'"
    run = duet("--sandbox-args", new, "--against-sandbox-args", "--latency 20", *own_workers(), seconds=20)
    assert run.code == 1, run.output
    (folder,) = (run.folder / "results").iterdir()
    slower = [row for row in run.verdict["duet"]["rows"] if row["worse"] and row["kind"] == "endpoint"]
    assert [row["name"] for row in slower] == [SLOW_ROUTE], run.output
    assert slower[0]["new"]["p50"] > 2 * slower[0]["old"]["p50"]
    named = re.compile(r"(slower|late more often) than OLD: " + re.escape(SLOW_ROUTE))
    assert any(named.match(reason) for reason in run.verdict["reasons"]), run.verdict["reasons"]
    assert "The new host beside the old one" in (folder / "report.html").read_text("utf-8")


def test_two_hosts_with_one_database_are_refused_before_any_load(duet, sandbox, proxy):
    before = sandbox.rows()
    run = duet("--against", proxy.url, host=sandbox.url)
    assert run.code == 2
    (told,) = errors_in(run.output)
    assert told.startswith(f"error: {sandbox.url} and {proxy.url} have one database")
    assert "Ramping" not in run.output
    assert sandbox.rows() == before


def test_a_host_that_lacks_an_account_or_does_not_answer_is_named(duet, start_sandbox, tmp_path):
    new, small = start_sandbox(), start_sandbox("--patients", "20")
    accounts = tmp_path / "accounts.csv"
    people = {"admin": "admin", "doctor001": "doctor", "patient0290": "patient"}
    accounts.write_text(
        "username,password,role\n" + "".join(f"{one},password123,{role}\n" for one, role in people.items())
    )
    nobody = f"http://127.0.0.1:{free_port()}"
    for against, told in (
        (small.url, f"on OLD, {small.url}: the patient account 'patient0290' cannot be used: "),
        (nobody, f"{nobody} is not a CMS that answers GET /health: could not connect"),
    ):
        run = duet("--against", against, "--accounts", str(accounts), host=new.url)
        assert run.code == 2
        assert [line.startswith(f"error: {told}") for line in errors_in(run.output)] == [True], run.output
        assert "Ramping" not in run.output
