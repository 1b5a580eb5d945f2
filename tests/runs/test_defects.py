"""Mistakes in tasks and in events that somebody fires by hand: rows of their own, and nothing else suffers."""

import re

import pytest

from tests.processes import ROOT, own_workers

DEFECTS = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from locust import task
from locustfile import *
from api.endpoints import WHO_AM_I
from tasks.journey import journey
from tasks.role_tasks import RoleTasks


class Defects(RoleTasks):
    @task
    def work(self):
        self.call(WHO_AM_I)

    @task
    def stumble(self):
        self.call(WHO_AM_I)
        {{"a": 1}}["of patient " + str(self.user.session.user_id) + " with " + self.user.session.token()]

    @task
    @journey
    def go_astray(self):
        self.call(WHO_AM_I, limit=1)

    @task
    def fire_by_hand(self):
        fire = self.user.environment.events.request.fire
        bare = dict(request_type="MINE", response_time=1, response_length=0, exception=None)
        fire(**bare, name="no context", context=None)
        fire(**bare, name="a context that knows no role", context={{"role": None}})
        fire(**bare, name="another role", context={{"role": 8}})
        fire(**bare | {{"response_time": -5}}, name="back in time")
        fire(**bare | {{"request_type": None}}, name="\\x1b")


PatientUser.tasks = [Defects]
"""


@pytest.mark.parametrize("workers", [(), own_workers()], ids=["one process", "two workers"])
def test_a_mistake_in_a_task_is_a_failed_row_and_in_the_verdict(run, tmp_path, workers):
    locustfile, budgets = tmp_path / "defects.py", tmp_path / "slo.toml"
    locustfile.write_text(DEFECTS)
    budgets.write_text("[everything]\nfailure_ratio = 0.01\n")
    result = run("-f", str(locustfile), "PatientUser", "--slo", str(budgets), *workers, users=4, seconds=6)
    assert (result.code, result.verdict["verdict"]) == (3, "invalid"), result.output
    assert "this is a defect of the suite" in result.verdict["reasons"][0]
    errors = {error["row"]: error["error"] for error in result.verdict["errors"]}
    assert re.fullmatch(r"the task raised KeyError: 'of patient \d+ with \[hidden\]'", errors["TASK stumble"])
    assert errors["TASK go_astray"] == "the task raised TypeError: GET /api/auth/me takes no parameter limit"
    assert errors["JOURNEY go astray"] == "the task raised TypeError"
    assert result.failures("TASK stumble") == result.requests("TASK stumble") > 0
    assert result.verdict["journeys"]["go astray"]["steady"]["failures"] > 0
    by_hand = [name for name in result.verdict["endpoints"] if name.startswith(("MINE", "None"))]
    assert len(by_hand) == 5
    assert "Uncaught exception in event handler" not in result.output
    assert "Unhandled exception" not in result.output
