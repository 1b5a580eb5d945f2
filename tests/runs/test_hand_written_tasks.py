"""Tasks written the way Locust's documentation shows them work in this suite, signed in."""

import re

import pytest

from tests.faulty_proxy import hang
from tests.processes import ROOT, own_workers

HABITS = """
from locust import events, task

import run
from api.endpoints import LIST_PATIENTS
from users.cms_user import CMSUser

run.attach(events)


class Habitual(CMSUser):
    role = "patient"
    own_record = LIST_PATIENTS

    @task
    def ask_as_documented(self):
        with self.client.get("/api/auth/me", name="me", catch_response=True) as answer:
            if answer.json()["username"] != self.account.username:
                answer.failure("somebody else")
        with self.client.get("/api/auth/me", name="marked", catch_response=True) as answer:
            answer.failure("marked by hand")
        self.client.get("/nope", name="unknown")
"""


def test_get_with_a_name_and_catch_response(run, tmp_path):
    locustfile = tmp_path / "habits.py"
    locustfile.write_text(HABITS)
    result = run("-f", str(locustfile), "Habitual", users=2, seconds=3, env={"PYTHONPATH": "."})
    assert result.requests("GET me") > 0
    assert result.failures("GET me") == 0
    assert result.failures("GET marked") == result.requests("GET marked") > 0
    assert result.failures("GET unknown") == result.requests("GET unknown") > 0


BLOCKING = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from gevent.event import Event
from locust import TaskSet, task
from locustfile import *
from api.endpoints import WHO_AM_I

never = Event()


class Blocking(TaskSet):
    @task
    def work_twenty_times(self):
        for _ in range(20):
            self.client.call(WHO_AM_I)
        never.wait()


PatientUser.tasks = [Blocking]
"""


@pytest.mark.parametrize("workers", [(), own_workers()], ids=["one process", "two workers"])
def test_users_that_do_nothing_are_a_reason(run, tmp_path, workers):
    locustfile, budgets = tmp_path / "blocking.py", tmp_path / "slo.toml"
    locustfile.write_text(BLOCKING)
    budgets.write_text("[everything]\nfailure_ratio = 0.01\n")
    options = ("-f", str(locustfile), "--slo", str(budgets), "--stop-timeout", "1", *workers, "PatientUser")
    result = run(*options, users=4, seconds=20)
    assert (result.code, result.verdict["verdict"]) == (3, "invalid"), result.output
    (reason,) = result.verdict["reasons"]
    assert re.match(r"4 users did nothing for up to \d+ s: no request, no answer to wait for, no think time", reason)


HANGING = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from locust import TaskSet, task
from locustfile import *


class Hanging(TaskSet):
    @task
    def ask(self):
        self.client.get("/api/auth/me", name="who I am")


PatientUser.tasks = [Hanging]
"""


def test_a_hung_request_written_by_hand_is_a_failure_too(run, tmp_path, proxy):
    locustfile, budgets = tmp_path / "hanging.py", tmp_path / "slo.toml"
    locustfile.write_text(HANGING)
    budgets.write_text("[everything]\nfailure_ratio = 0.5\n")
    proxy.misbehave(hang, "^GET /api/auth/me")
    options = ("-f", str(locustfile), "--slo", str(budgets), "--stop-timeout", "1", "--read-only", "PatientUser")
    result = run(*options, host=proxy.url, users=4, seconds=10)
    assert (result.code, result.verdict["verdict"]) == (1, "fail"), result.output
    told = {"row": "GET who I am", "error": "no answer yet when the user was stopped", "count": 4, "fault": "API"}
    assert result.verdict["errors"] == [told]
    assert result.verdict["reasons"][-1].startswith("4 users were left without an answer")
