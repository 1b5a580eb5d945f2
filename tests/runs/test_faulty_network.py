"""Faults between the suite and the API: none makes a run pass that did not hold, or hides in silence."""

import json
import re
import time

import pytest

from tests.faulty_proxy import answering, drip, drop, hang, reset_midway
from tests.processes import SPAWNED, own_workers
from tests.runs.test_cleanup import wait_for_more_rows
from tests.runs.test_verdict_web import WebRun

RESET = "the connection broke in the midst of the answer: Connection reset by peer"
LENIENT = "[everything]\nfailure_ratio = 0.5\n"
HOLDING = "[everything]\nfailure_ratio = 0.01\n"


@pytest.fixture
def start(start_locust, tmp_path, proxy):
    """`start(slo, *options, seconds=..., users=10)`: a run through the proxy, judged by these budgets."""

    def go(slo, *options, seconds=10, users=10, think="0.1-0.3"):
        (tmp_path / "slo.toml").write_text(slo)
        load = ("--headless", "-u", str(users), "-r", str(users), "-t", f"{seconds}s", "--think-time", think)
        judged = ("--slo", str(tmp_path / "slo.toml"), "--cleanup-time", "1")
        return start_locust(*load, *judged, *options, "--host", proxy.url)

    return go


@pytest.fixture
def verdict_of(tmp_path):
    """`verdict_of(locust)`: waits for the run's end; its exit code, its verdict.json, and what it printed."""

    def read(locust):
        code = locust.wait()
        (file,) = (tmp_path / "results").glob("*/verdict.json")
        assert "Traceback" not in locust.output, locust.output
        return code, json.loads(file.read_text()), locust.output

    return read


@pytest.mark.parametrize("workers", [(), own_workers()], ids=["one process", "two workers"])
def test_an_api_that_hangs_until_the_end_fails(start, verdict_of, proxy, workers):
    """However many requests went well before: here the failures alone would stay far within the budget."""
    locust = start(LENIENT, "--read-only", "--stop-timeout", "6", *workers)
    locust.wait_for_line(SPAWNED)
    time.sleep(3)
    proxy.misbehave(hang)
    code, verdict, output = verdict_of(locust)
    assert (code, verdict["verdict"]) == (1, "fail"), output
    assert re.fullmatch(r"10 users were left without an answer, after up to \d+ s of waiting", verdict["reasons"][0])
    assert verdict["everything"]["steady"]["failures"] == 10
    told = {(error["error"], error["row"].split()[0]) for error in verdict["errors"]}
    assert told == {("no answer yet when the user was stopped", "GET")}
    assert max(row["steady"]["all"]["p99"] or 0 for row in verdict["endpoints"].values()) > 5000


def test_a_hang_is_shown_live_and_aborts(start, verdict_of, proxy):
    locust = start(HOLDING, "--read-only", "--abort-on-breach", "--abort-grace", "1", seconds=600)
    locust.wait_for_line(SPAWNED)
    time.sleep(2)
    proxy.misbehave(hang)
    code, verdict, output = verdict_of(locust)
    assert code == 1, output
    assert verdict["reasons"][0].startswith("aborted after ")
    assert re.search(r"everything failure_ratio: [\d.]+ %, allowed is at most 1 %", output)


def test_answers_that_are_cut_in_two_are_failures(start, verdict_of, proxy):
    proxy.misbehave(reset_midway, "^GET /api/(appointments|dashboard)", share=0.25)
    code, verdict, output = verdict_of(start(HOLDING, "--no-preflight", "--read-only"))
    assert code == 1, output
    told = sum(error["count"] for error in verdict["errors"] if error["row"].startswith("GET "))
    assert {error["error"] for error in verdict["errors"]} == {RESET}
    assert told == verdict["everything"]["steady"]["failures"] + verdict["everything"]["ramp"]["failures"] + sum(
        row["ending"]["failures"] for row in verdict["endpoints"].values()
    )
    assert told == len(proxy.seen) > 0


def test_connections_that_are_dropped_are_failures_when_they_were_promised(start, verdict_of, proxy):
    """The sandbox says how long it keeps a connection, so that closing it earlier is no accident of timing."""
    proxy.misbehave(drop, "^GET /api/(appointments|dashboard)", share=0.25)
    code, verdict, output = verdict_of(start(HOLDING, "--no-preflight", "--read-only"))
    assert code == 1, output
    of_requests = [error for error in verdict["errors"] if error["row"].startswith("GET ")]
    assert sum(error["count"] for error in of_requests) == len(proxy.seen) > 0
    assert {error["error"] for error in verdict["errors"]} == {"the server closed the connection without an answer"}


def test_a_user_that_never_gets_in_is_not_reached(start, verdict_of, proxy):
    refused = answering(401, b'{"error":"Invalid credentials"}')
    locked_out = [f"patient000{number}" for number in (1, 2, 3)]
    proxy.misbehave(refused, "^POST /api/auth/login", body="|".join(locked_out))
    locust = start(LENIENT, "--no-preflight", "--read-only", "--stop-timeout", "3", think="0.1-0.2")
    code, verdict, output = verdict_of(locust)
    assert (code, verdict["verdict"]) == (3, "invalid"), output
    assert verdict["users"]["reached"] == 7
    told = "3 of 6 patient users never got in: expected status 200, got 401 (Invalid credentials)"
    assert told in verdict["reasons"]


def test_failing_sign_ins_break_a_budget_that_ships(start, verdict_of, proxy, tmp_path):
    proxy.misbehave(answering(503, b'{"error":"busy"}'), "^POST /api/auth/login")
    locust = start(LENIENT, "--no-preflight", "--read-only", "--slo", "config/slo.toml", seconds=15)
    while len(proxy.seen) < 5:
        time.sleep(0.02)
    proxy.heal()
    code, verdict, output = verdict_of(locust)
    assert code == 1, output
    assert any(reason.startswith("POST /api/auth/login failure_ratio: ") for reason in verdict["reasons"])


@pytest.mark.parametrize(
    "body",
    [
        b'{"data":[],"pagination":{"total":0,"limit":10,"offset":0},"x":' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        b'{"data":null}',
        b"\x00\x1b[31m\xff",
    ],
    ids=["deep", "null", "bytes"],
)
def test_a_strange_answer_is_a_failed_row_and_no_traceback(start, verdict_of, proxy, body):
    proxy.misbehave(answering(200, body), "^GET /api/appointments/citas")
    code, verdict, output = verdict_of(start(HOLDING, "--no-preflight", "--read-only", seconds=5))
    assert code == 1, output
    row = verdict["endpoints"]["GET /api/appointments/citas"]["steady"]
    assert row["failures"] == row["requests"] > 0


def test_a_cms_that_was_named_in_the_web_ui_is_not_called_the_sandbox(start_locust, sandbox, tmp_path):
    web = WebRun(start_locust, tmp_path)
    verdict = web.test(host=sandbox.url)
    assert (verdict["sandbox"], verdict["host"]) == (False, sandbox.url)
    assert web.test(host=web.sandbox_url)["sandbox"] is True


def test_rate_limiting_is_told_and_heeded(start, verdict_of, proxy):
    proxy.misbehave(answering(429, b'{"error":"Too many requests"}', b"Retry-After: 2\r\n"), "^GET /api/", share=0.5)
    locust = start(LENIENT, "--no-preflight", "--read-only", think="0-0")
    code, verdict, output = verdict_of(locust)
    assert (code, verdict["verdict"]) == (3, "invalid"), output
    reason = next(reason for reason in verdict["reasons"] if "rate limiting" in reason)
    assert re.fullmatch(r"rate limiting is on: [\d.]+ % of requests were refused \(429\); switch it off .*", reason)
    assert len(proxy.seen) <= 10 * 12, "each user has waited at least a second after each refusal"


def test_a_server_that_is_away_is_not_stormed(start, verdict_of, proxy):
    locust = start(HOLDING, "--read-only", seconds=12, think="0-0")
    locust.wait_for_line(SPAWNED)
    proxy.close()
    code, verdict, output = verdict_of(locust)
    assert code in (1, 3), output
    refused = sum(error["count"] for error in verdict["errors"] if "could not connect" in error["error"])
    assert 10 <= refused < 500


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (answering(429, b"{}"), r"cannot be used: expected status 200, got 429: the API limits the rate of requests"),
        (answering(500, b"{}"), r"cannot be used: expected status 200, got 500: that is the API's"),
        (hang, r"cannot be used: no whole answer within 1 s: that is the API's"),
        (answering(401, b"{}"), r"cannot be used: expected status 200, got 401: correct it in --accounts"),
    ],
    ids=["429", "500", "hang", "401"],
)
def test_the_preflight_names_whose_fault_it_is(start, proxy, fault, told):
    proxy.misbehave(fault, "^POST /api/auth/login")
    locust = start(LENIENT, "--read-timeout", "1")
    assert locust.wait() == 2, locust.output
    (line,) = [line for line in locust.output.splitlines() if line.startswith("error: ")]
    assert re.search(told, line)


def test_a_login_that_hangs_is_no_run_without_requests(start, verdict_of, proxy):
    proxy.misbehave(hang, "^POST /api/auth/login")
    code, verdict, output = verdict_of(start(LENIENT, "--no-preflight", "--read-only", "--stop-timeout", "2"))
    assert code == 3, output
    assert verdict["reasons"][0] == "no admin ever signed in (1 try): no answer yet when the user was stopped"


@pytest.mark.parametrize("workers", [(), own_workers()], ids=["one process", "two workers"])
@pytest.mark.parametrize("fault", [hang, drip], ids=["hang", "drip"])
def test_every_run_ends_whatever_the_api_does_in_the_end(start, verdict_of, sandbox, proxy, fault, workers):
    """Its users have records to take away then, and the clean-up has what they could not."""
    limits = ("--stop-timeout", "2", "--read-timeout", "3", "--request-timeout", "4", "--cleanup-time", "2")
    before = sandbox.rows()
    locust = start(LENIENT, *limits, *workers, seconds=12, users=30, think="0.05-0.1")
    wait_for_more_rows(sandbox, before)
    proxy.misbehave(fault)
    code, verdict, output = verdict_of(locust)
    assert (code, verdict["verdict"]) == (1, "fail"), output
    assert any(reason.startswith("the clean-up was not finished: no whole answer") for reason in verdict["reasons"])


def test_an_api_that_is_started_anew_is_found_again_by_every_user(start_sandbox, start_locust, verdict_of):
    """Connections are gone, and tokens are refused: it knows none of the process before."""
    cms = start_sandbox()
    options = ("-u", "10", "-r", "10", "-t", "30s", "--think-time", "0.1-0.3", "--read-only", "--host", cms.url)
    locust = start_locust("--headless", *options)
    locust.wait_for_line("All users spawned")
    time.sleep(3)
    cms.close()
    start_sandbox("--port", cms.url.rsplit(":", 1)[1])
    _, verdict, output = verdict_of(locust)
    assert verdict["everything"]["steady"]["failures"] > 0, output
    assert {re.sub(r"connection broke.*", "connection broke", error["error"]) for error in verdict["errors"]} <= {
        "could not connect: Connection refused",
        "the server closed the connection without an answer",
        "the connection broke",
    }
    assert verdict["endpoints"]["AUTH token refused, signed in again"]["steady"]["requests"] == 10
