"""Each verdict, made by a real run: what is said, what is written, and what the exit code is."""

import json
import os
import re
import signal
import sys
import time
from collections import Counter

import pytest
from junitparser import JUnitXml

from tests.processes import ROOT, SPAWNED, SandboxProcess, clean_environment, own_workers
from tests.roles import NAMES, assert_the_mix

FAST = "[everything]\np95 = 20000\nfailure_ratio = 0.02\nmin_requests = 5\n"


@pytest.fixture
def slo(tmp_path):
    """`slo(text)`: the options that put these budgets in place of those that ship."""

    def write(text):
        path = tmp_path / "slo.toml"
        path.write_text(text, encoding="utf-8")
        return ("--slo", str(path))

    return write


@pytest.fixture
def verdict_of(tmp_path):
    """The verdict in the only folder that runs have left, and the folder."""

    def read():
        (folder,) = (tmp_path / "results").iterdir()
        return json.loads((folder / "verdict.json").read_text(encoding="utf-8")), folder

    return read


def test_pass(run, slo, verdict_of, processes):
    result = run(*slo(FAST), *processes, "--read-only", "--seed", "7", "--scenario", "light")
    assert result.code == 0, result.output
    assert "PASS light: every budget was kept" in result.output
    verdict, folder = verdict_of()
    assert verdict["verdict"] == "pass"
    assert verdict["reasons"] == []
    assert (verdict["schema"], verdict["scenario"], verdict["seed"], verdict["sandbox"]) == (1, "light", "7", True)
    assert (verdict["users"]["asked"], verdict["users"]["reached"]) == (10, 10)
    assert_the_mix(verdict["users"]["by_role"])
    assert verdict["generator"]["workers"] == (2 if processes else 0)
    assert {budget["metric"]: budget["ok"] for budget in verdict["budgets"]} == {
        "p95": True,
        "failure_ratio": True,
        "min_requests": True,
    }
    assert set(verdict["roles"]) == set(NAMES)
    assert verdict["sign_ins"]["requests"] == 10
    assert re.fullmatch(r"light-\d{8}T\d{6}Z", folder.name)
    assert {"verdict.json", "verdict.md", "junit.xml", "report.html", "history.json"} <= set(os.listdir(folder))
    assert (folder / "verdict.md").read_text().startswith("# PASS light: every budget was kept")


def test_fail_by_latency(run, slo, verdict_of):
    slow = "--sandbox-args=--fault delay=150"
    result = run(*slo("[everything]\np95 = 100\nfailure_ratio = 0.5\n"), "--read-only", slow)
    assert result.code == 1, result.output
    verdict, folder = verdict_of()
    assert verdict["verdict"] == "fail"
    (reason,) = verdict["reasons"]
    assert re.fullmatch(r"everything p95: [\d,]+ ms, allowed is at most 100 ms", reason)
    assert f"- {reason}" in result.output
    suites = JUnitXml.fromfile(str(folder / "junit.xml"))
    assert (suites.tests, suites.failures, suites.errors, suites.skipped) == (3, 1, 0, 0)
    cases = {case.name: case for suite in suites for case in suite}
    assert set(cases) == {"the run is valid", "everything p95", "everything failure_ratio"}
    assert [result.message for result in cases["everything p95"].result] == [reason]


def test_fail_by_failures(run, slo, verdict_of):
    broken = "--sandbox-args=--fault 'status=500,share=0.5,route=GET /api/appointments/citas'"
    result = run(*slo(FAST), "--read-only", broken)
    assert result.code == 1, result.output
    verdict, folder = verdict_of()
    (reason,) = verdict["reasons"]
    assert re.fullmatch(r"everything failure_ratio: [\d.]+ %, allowed is at most 2 %", reason)
    assert verdict["errors"][0]["error"].count("expected status 200, got 500")
    assert "**broken**" in (folder / "verdict.md").read_text()
    assert verdict["everything"]["steady"]["failures"] > 0


def test_invalid_by_no_requests(run, verdict_of, tmp_path):
    idle = tmp_path / "idle.py"
    idle.write_text(
        f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom locustfile import *\n"
        "PatientUser.on_start = lambda user: None\nPatientUser.tasks = [lambda user: None]\n"
        "PatientUser.wait_time = lambda user: 1.0\n"
    )
    result = run("-f", str(idle), "PatientUser", seconds=3, users=2)
    assert result.code == 3, result.output
    verdict, folder = verdict_of()
    assert (verdict["verdict"], verdict["reasons"]) == ("invalid", ["no request was sent"])
    suites = JUnitXml.fromfile(str(folder / "junit.xml"))
    assert (suites.errors, suites.failures, suites.skipped) == (1, 0, len(verdict["budgets"]))


def test_invalid_by_a_role_that_cannot_sign_in(run, sandbox, verdict_of):
    env = {"CMS_DOCTOR_USERNAME": "doctor001", "CMS_DOCTOR_PASSWORD": "forgotten"}
    result = run("--no-preflight", "--read-only", host=sandbox.url, env=env)
    assert result.code == 3, result.output
    verdict, _ = verdict_of()
    assert re.fullmatch(
        r"no doctor ever signed in \(\d+ tries\): .*expected status 200, got 401 \(Invalid credentials\).*",
        verdict["reasons"][0],
    )
    assert len(verdict["reasons"]) == 1


BUSY = """
import sys, time
sys.path.insert(0, {root!r})
from locust import events
from locustfile import *
import gevent


def burn(**_):
    while True:
        until = time.perf_counter() + 0.3
        while time.perf_counter() < until:
            pass
        gevent.sleep(0.01)


@events.spawning_complete.add_listener
def begin(**_):
    gevent.spawn(burn)
"""


def test_invalid_by_a_generator_that_cannot_keep_up(run, verdict_of, tmp_path, processes):
    busy = tmp_path / "busy.py"
    busy.write_text(BUSY.format(root=str(ROOT)))
    result = run("-f", str(busy), "--read-only", *processes, env={"CMS_LAG_LIMIT": "200"})
    assert result.code == 3, result.output
    verdict, _ = verdict_of()
    lagging = [reason for reason in verdict["reasons"] if "the load generator lagged" in reason]
    assert len(lagging) == (2 if processes else 1), verdict["reasons"]
    assert "above 200 ms" in lagging[0]


def worker_pids(master):
    children = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat") as stat:
                parent = int(stat.read().rsplit(")", 1)[1].split()[1])
            with open(f"/proc/{pid}/cmdline") as command:
                if parent == master and "locust" in command.read():
                    children.append(int(pid))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return children


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_invalid_by_a_lost_worker(start_locust, verdict_of, number):
    locust = start_locust("--headless", "-u", "6", "-r", "6", "-t", "6s", "--think-time", "0.1-0.3", *own_workers())
    locust.wait_for_line(SPAWNED)
    os.kill(worker_pids(locust.pid)[0], number)
    assert locust.wait() == 3, locust.output
    verdict, _ = verdict_of()
    assert verdict["generator"]["workers"] == 2
    (lost,) = verdict["generator"]["lost_workers"]
    assert f"worker {lost} was lost, and figures with it" in verdict["reasons"]


def test_invalid_by_a_missed_schedule(start_locust, verdict_of):
    locust = start_locust("--headless", "-u", "3", "-r", "3", "-t", "60s", "--think-time", "0.1-0.3")
    locust.wait_for_line(SPAWNED)
    time.sleep(3)
    assert locust.stop(signal.SIGINT) == 3
    verdict, _ = verdict_of()
    assert re.fullmatch(r"the schedule was missed: the run ended after \d s of 60 s", verdict["reasons"][0])


def test_invalid_by_users_not_reached(run, verdict_of):
    result = run("-r", "1", users=30, seconds=4)
    assert result.code == 3, result.output
    verdict, _ = verdict_of()
    assert re.fullmatch(r"only \d+ of 30 users were reached", verdict["reasons"][0])
    assert "there was no steady state" in verdict["reasons"][1]


def test_invalid_by_a_budgeted_endpoint_without_data(run, slo, verdict_of):
    rare = '[endpoints."PUT /api/patients/{patient_id}/addresses/{id}"]\np95 = 500\n'
    result = run(*slo(FAST + rare), "PatientUser", "--seed", "1", users=1, seconds=6, think="0.5-0.5")
    assert result.code == 3, result.output
    verdict, _ = verdict_of()
    route = "PUT /api/patients/{patient_id}/addresses/{id}"
    assert verdict["reasons"] == [f"the endpoint {route} has a budget, but was not used in the steady state"]


def test_budgets_of_a_role_that_does_not_run_are_left_out_and_told(run, slo, verdict_of):
    result = run("PatientUser", *slo(FAST + "[roles.admin]\np95 = 500\n"), users=3, seconds=4)
    assert result.code == 0, result.output
    verdict, _ = verdict_of()
    assert {budget["name"] for budget in verdict["budgets"]} == {""}
    (told,) = verdict["left_out"]
    assert told == "the budgets of the role 'admin' do not count: no user of this run can meet them"
    assert f"Left out: {told}" in result.output


def test_a_wrong_budget_file_is_refused_before_any_load(start_locust, slo):
    locust = start_locust("--headless", "-t", "5s", *slo("[roles.pateint]\np95 = 1\n"))
    assert locust.wait() == 2
    assert "unknown role 'pateint': did you mean 'patient'?" in locust.output
    assert "Ramping" not in locust.output


COUNTING = """
from gevent import monkey

monkey.patch_all()

import sys

sys.path.insert(0, {root!r})

from flask import request
from sandbox import cli

create_app = cli.create_app


def counting(*args, **options):
    app = create_app(*args, **options)
    log = open({log!r}, "a", buffering=1)

    @app.before_request
    def count():
        print(request.method, request.url_rule.rule, file=log)

    return app


cli.create_app = counting
sys.exit(cli.main())
"""


@pytest.fixture
def counting_sandbox(tmp_path):
    """A sandbox that writes down every request it gets, and where it does."""
    log, script = tmp_path / "requests.log", tmp_path / "counting.py"
    script.write_text(COUNTING.format(root=str(ROOT), log=str(log)))
    command = [sys.executable, str(script), "--port", "0", "--exit-on-stdin-eof"]
    with SandboxProcess(command, clean_environment(), tmp_path / "counted.db") as sandbox:
        yield sandbox, log


def test_every_request_is_counted_once_and_for_the_right_route(run, counting_sandbox, slo, verdict_of, processes):
    """Also those that are on their way when the end comes: people are busy until then."""
    sandbox, log = counting_sandbox
    options = ("--think-time", "0.05-0.1", "--no-preflight", "--read-only")
    result = run(*slo(FAST), *processes, *options, host=sandbox.url, users=20, seconds=6)
    assert result.code == 0, result.output
    seen = Counter(re.sub(r"[<{][\w:]+[>}]", "{}", line) for line in log.read_text().splitlines())
    verdict, _ = verdict_of()
    told = {
        re.sub(r"{\w+}", "{}", route): sum(phase["requests"] for phase in phases.values())
        for route, phases in verdict["endpoints"].items()
    }
    assert told == seen
    assert verdict["requests"] == seen.total()
    roles = sum(role[phase]["requests"] for role in verdict["roles"].values() for phase in role)
    assert roles + verdict["sign_ins"]["requests"] == seen.total()
