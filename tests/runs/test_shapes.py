"""Loads that are no straight line: the search for a known limit, the spike, and the soak."""

import json
import re
import signal
import time

import pytest

from tests.faulty_proxy import hang
from tests.processes import PATIENCE, ROOT, SPAWNED, own_workers

CALM = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from locust import TaskSet, tag, task
from locustfile import *
from api.endpoints import WHO_AM_I


class Calm(TaskSet):
    @tag("read")
    @task
    def ask(self):
        self.client.call(WHO_AM_I)


PatientUser.tasks = [Calm]
"""


@pytest.fixture
def calm(tmp_path):
    """A locustfile whose patients do one thing only, so that each sends one request per think and answer time."""
    path = tmp_path / "calm.py"
    path.write_text(CALM)
    return path


@pytest.fixture
def run_shape(start_locust, tmp_path, calm):
    def go(shape, slo, *args, meanwhile=lambda locust: None):
        (tmp_path / "slo.toml").write_text(slo)
        files = f"{calm},{ROOT}/load/{shape}.py"
        run = ("--headless", "-f", files, "--slo", str(tmp_path / "slo.toml"), "--read-only")
        locust = start_locust(*run, *args, "PatientUser")
        meanwhile(locust)
        code = locust.wait(2 * PATIENCE)
        (folder,) = (tmp_path / "results").iterdir()
        return code, locust.output, json.loads((folder / "verdict.json").read_text()), folder

    return go


# Four at a time, 100 ms each: 40 requests a second. A patient thinks 0.9 s on average: 40 patients are the limit.
# The budget is met up to some patients more: p95 is about 150 ms below, and 25 ms more with each beyond.
LIMITED = "--sandbox-args=--latency 100 --capacity 4"
TRUTH, STEP = 40, 30


@pytest.mark.parametrize("distributed", [False, True], ids=["one process", "two workers"])
def test_the_search_finds_the_limit_within_half_a_step(run_shape, distributed):
    search = ("--users", "50", "--spawn-rate", "30", "--step-users", str(STEP))
    steps = (*search, "--step-settle", "2", "--step-time", "3")
    slo = "[everything]\np95 = 320\nfailure_ratio = 0.01\n"
    more = own_workers() if distributed else ()
    code, output, verdict, folder = run_shape("breakpoint", slo, *steps, "--think-time", "0.6-1.2", LIMITED, *more)
    assert code == 0, output
    found = verdict["capacity"]
    assert abs(found["users"] - TRUTH) <= STEP / 2
    assert found["first_to_break"].startswith("everything p95: ")
    assert [step["held"] for step in found["steps"]][:2] == [True, False]
    told = rf"holds {found['users']} users \(95 %: .*\) within budget, at [\d.]+ requests/s; first to break: every"
    assert re.search(told, output)
    assert all(budget["ok"] for budget in verdict["budgets"])
    report = (folder / "report.html").read_text()
    assert "How many can it hold?" in report
    assert report.count("<svg") > 6


def test_a_server_that_holds_nothing_fails(run_shape):
    steps = ("--users", "20", "--spawn-rate", "10", "--step-users", "10", "--step-settle", "1", "--step-time", "2")
    code, output, verdict, _ = run_shape("breakpoint", "[everything]\np95 = 20\n", *steps, LIMITED)
    assert code == 1, output
    assert verdict["capacity"]["users"] is None
    assert "does not even hold 10 users within budget; first to break: everything p95" in output


def test_a_search_counts_what_waits_for_its_answer_as_failed(run_shape, proxy):
    """Nothing has timed out when the second step is judged: the hung requests are in no other figure."""

    def hang_for_one_step(locust):
        locust.wait_for_line(r"10 users, .* requests/s: held")
        proxy.misbehave(hang)
        locust.wait_for_line(r"20 users, .* requests/s: everything failure_ratio")
        proxy.heal()

    search = ("--users", "20", "--spawn-rate", "10", "--step-users", "10", "--step-settle", "1", "--step-time", "7")
    waiting = ("--think-time", "0.1-0.3", "--host", proxy.url, "--stop-timeout", "1")
    slo = "[everything]\nfailure_ratio = 0.01\n"
    _, output, verdict, _ = run_shape("breakpoint", slo, *search, *waiting, meanwhile=hang_for_one_step)
    steps = [(step["users"], step["held"]) for step in verdict["capacity"]["steps"]]
    assert steps[:2] == [(10, True), (20, False)], output
    assert verdict["capacity"]["steps"][1]["broke"][0].startswith("everything failure_ratio: ")


def test_the_spike_comes_and_goes(run_shape):
    slo = "[everything]\nfailure_ratio = 0.01\np95 = 20000\n"
    run = ("--users", "20", "--spawn-rate", "20", "--run-time", "10s", "--think-time", "0.1-0.2")
    code, output, verdict, folder = run_shape("spike", slo, *run)
    assert code == 0, output
    assert verdict["users"]["asked"] == verdict["users"]["reached"] == 20
    users = [number for number in json.loads((folder / "history.json").read_text())["users"] if number is not None]
    assert users[1] == 5
    assert max(users) == 20
    assert users[-1] == 5


def test_a_soak_that_grows_slower_fails(run_shape):
    slo = "[everything]\nfailure_ratio = 0.01\np95 = 20000\n"
    slower = "--sandbox-args=--latency 30 --fault delay=1000,after=24"  # the sandbox is some seconds older than the run
    run = ("--users", "5", "--spawn-rate", "5", "--run-time", "45s", "--think-time", "0.05-0.1")
    code, output, verdict, _ = run_shape("soak", slo, *run, slower)
    assert code == 1, output
    drift = re.compile(r"it drifts: p(50|95) [\d.,]+ in the first third, [\d.,]+ in the last")
    drifts = [told for told in verdict["reasons"] if drift.match(told)]
    assert drifts, verdict["reasons"]


@pytest.mark.parametrize("shape", ["breakpoint", "spike"])
def test_a_shape_that_is_cut_short_is_invalid(start_locust, tmp_path, calm, shape):
    files = f"{calm},{ROOT}/load/{shape}.py"
    run = ("--headless", "-f", files, "-u", "20", "-r", "20", "-t", "60s", "--think-time", "0.1-0.3", "--read-only")
    locust = start_locust(*run, "PatientUser")
    locust.wait_for_line(SPAWNED)
    time.sleep(3)
    assert locust.stop(signal.SIGINT) == 3, locust.output
    told = "the search ended before it had found the limit" if shape == "breakpoint" else "the schedule was missed"
    assert f"- {told}" in locust.output
