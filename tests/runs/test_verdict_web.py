"""The verdict of tests that were started and stopped in the web UI, alone and with two workers."""

import json
import os
import signal
import time
import urllib.parse
import urllib.request

from tests.processes import PATIENCE, ROOT, SPAWNED, free_port, own_workers, wait_for_port
from tests.roles import CLASSES
from tests.runs.test_verdict import BUSY, FAST, worker_pids

IDLE = """
import sys
sys.path.insert(0, {root!r})
from locust import TaskSet, task
from locustfile import *


class Idle(TaskSet):
    @task
    def rest(self):
        self.wait()


PatientUser.on_start = lambda user: None
PatientUser.wait_time = lambda user: 1.0
PatientUser.tasks = [Idle]
"""
QUICK = ("--read-only", "--stop-timeout", "3")


class WebRun:
    """One Locust with a web UI, driven as its page does it."""

    def __init__(self, start_locust, tmp_path, *args, **options):
        (tmp_path / "slo.toml").write_text(options.pop("slo", FAST))
        port = free_port()
        self.url, self.results = f"http://127.0.0.1:{port}", tmp_path / "results"
        web = ("--web-host", "127.0.0.1", "--web-port", str(port), "--slo", str(tmp_path / "slo.toml"))
        self.locust = start_locust(*web, "--think-time", "0.1-0.3", *QUICK, *args, **options)
        wait_for_port(port)
        if "--processes" in args:
            self.locust.wait_for_line("ready. 2 workers")

    @property
    def sandbox_url(self):
        """The sandbox that it has started, since no host was named."""
        return self.locust.wait_for_line(r"embedded sandbox at (http://\S+),").group(1)

    def post(self, path, **form):
        data = urllib.parse.urlencode(form, doseq=True).encode()
        with urllib.request.urlopen(f"{self.url}/{path}", data=data, timeout=PATIENCE) as answer:
            assert json.load(answer)["success"]

    def test(self, seconds=4, users=10, during=lambda: None, **form):
        """Starts a test, lets it run, stops it, and returns its verdict."""
        before = set(self.results.glob("*"))
        self.post("swarm", user_count=users, spawn_rate=users, **form)
        self.locust.wait_for_line(SPAWNED)
        during()
        time.sleep(seconds)
        self.post("stop")
        (folder,) = set(self.results.glob("*")) - before
        assert (folder / "report.html").exists()
        return json.loads((folder / "verdict.json").read_text())


def test_pass_twice_in_folders_of_their_own(start_locust, tmp_path, processes):
    web = WebRun(start_locust, tmp_path, *processes)
    first = web.test()
    assert (first["verdict"], first["reasons"]) == ("pass", [])
    assert first["sign_ins"]["requests"] == 10
    assert first["generator"]["workers"] == (2 if processes else 0)
    if processes:  # Locust lets workers back in only after the stop timeout
        time.sleep(5)
    second = web.test()
    assert (second["verdict"], second["sign_ins"]["requests"]) == ("pass", 10)
    assert web.locust.stop(signal.SIGINT) == 0


def test_fail_by_latency(start_locust, tmp_path, processes):
    slow = "--sandbox-args=--fault delay=150"
    web = WebRun(start_locust, tmp_path, *processes, slow, slo="[everything]\np95 = 100\n")
    verdict = web.test()
    assert verdict["verdict"] == "fail"
    assert "allowed is at most 100 ms" in verdict["reasons"][0]
    assert web.locust.stop(signal.SIGINT) == 1


def test_fail_by_failures(start_locust, tmp_path, processes):
    web = WebRun(
        start_locust,
        tmp_path,
        *processes,
        "--sandbox-args=--fault 'status=500,share=0.5,route=GET /api/appointments/citas'",
    )
    verdict = web.test()
    assert verdict["verdict"] == "fail"
    assert any("failure_ratio" in reason for reason in verdict["reasons"])


def test_invalid_by_a_role_that_cannot_sign_in(start_locust, tmp_path, processes):
    env = {"CMS_DOCTOR_USERNAME": "doctor001", "CMS_DOCTOR_PASSWORD": "forgotten"}
    web = WebRun(start_locust, tmp_path, *processes, env=env)
    verdict = web.test()
    assert verdict["verdict"] == "invalid"
    assert verdict["reasons"][0].startswith("no doctor ever signed in")
    assert web.locust.stop(signal.SIGINT) == 3


def test_invalid_by_saturation(start_locust, tmp_path, processes):
    busy = tmp_path / "busy.py"
    busy.write_text(BUSY.format(root=str(ROOT)))
    web = WebRun(start_locust, tmp_path, "-f", str(busy), *processes, env={"CMS_LAG_LIMIT": "200"})
    verdict = web.test()
    assert verdict["verdict"] == "invalid"
    assert any("the load generator lagged" in reason for reason in verdict["reasons"])


def test_invalid_by_no_requests(start_locust, tmp_path):
    idle = tmp_path / "idle.py"
    idle.write_text(IDLE.format(root=str(ROOT)))
    verdict = WebRun(start_locust, tmp_path, "-f", str(idle), "PatientUser").test(2, 1)
    assert (verdict["verdict"], verdict["reasons"]) == ("invalid", ["no request was sent"])


def test_invalid_by_a_killed_worker(start_locust, tmp_path):
    web = WebRun(start_locust, tmp_path, *own_workers())
    kill_one = lambda: os.kill(worker_pids(web.locust.pid)[0], signal.SIGKILL)  # noqa: E731
    verdict = web.test(during=kill_one)
    assert verdict["verdict"] == "invalid"
    assert any(reason.endswith("was lost, and figures with it") for reason in verdict["reasons"])


def test_only_the_roles_that_were_picked_are_judged(start_locust, tmp_path):
    slo = FAST + "[roles.patient]\np95 = 20000\n[roles.admin]\np95 = 20000\n"
    web = WebRun(start_locust, tmp_path, "--class-picker", slo=slo)
    alone = web.test(user_classes="PatientUser")
    assert (alone["verdict"], alone["reasons"]) == ("pass", [])
    assert {budget["name"] for budget in alone["budgets"]} == {"", "patient"}
    assert "The budgets of the role 'admin' do not count: no user of this run can meet them" in web.locust.output
    everybody = web.test(user_classes=CLASSES)
    assert {budget["name"] for budget in everybody["budgets"]} == {"", "patient", "admin"}
