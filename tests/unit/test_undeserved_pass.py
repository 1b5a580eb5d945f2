"""Runs whose figures look good, and that must not pass all the same."""

from locust.env import Environment
from locust.event import Events

from argparse import Namespace

import pytest

from api.endpoints import SIGN_IN
from config.budget_file import Budget
from reporting import collect_run_data as collecting
from reporting.collect_run_data import run_data
from reporting.metrics.store import MetricsStore
from reporting.verdict.build import ENOUGH_TO_WRITE, build_verdict
from reporting.verdict.model import INVALID
from reporting.verdict.run_data import RunState
from tests.written_runs import SURROUNDINGS
from users.doctor import DoctorUser

FAST = Budget("everything", "", "p95", 800)
FEW_FAILURES = Budget("everything", "", "failure_ratio", 0.01)
FEW_FAILURES_OF_DOCTORS = Budget("role", "doctor", "failure_ratio", 0.2)
NOT_GIVEN = (
    "run_time",
    "each_task_once",
    "access_audit",
    "arrival_rate",
    "tags",
    "exclude_tags",
    "baseline",
    "scenario",
)


@pytest.fixture
def verdict_of(monkeypatch):
    """The verdict on one second of steady state, of a run of doctors, with these budgets and rows."""
    monkeypatch.setattr(collecting, "environment_info", lambda: SURROUNDINGS)
    options = Namespace(seed=1, run_tag="x", think_time="1-3", read_only=False, lag_limit=100)
    vars(options).update(dict.fromkeys(NOT_GIVEN))

    def verdict(budgets, *rows):
        environment = Environment(
            user_classes=[DoctorUser], events=Events(), host="http://cms.local", parsed_options=options
        )
        now = 1_000_000.5
        store = MetricsStore(lambda: now)
        store.reached_its_users()
        now += 2
        store.is_stopping()
        store.add([[1_000_001, "doctor", *SIGN_IN_ROW, [5, 1], []], *[[1_000_001, "doctor", *row] for row in rows]])
        return build_verdict(run_data(environment, store, budgets, RunState()))

    return verdict


SIGN_IN_ROW = (SIGN_IN.method, SIGN_IN.path)


def against(verdict, words):
    return [reason for reason in verdict.reasons if words in reason]


def test_failures_that_no_budget_limits_are_no_pass(verdict_of):
    rows = ("GET", "/x", [5, 92], [5, 8])
    verdict = verdict_of([FAST], rows)
    assert verdict.verdict == INVALID
    (reason,) = against(verdict, "no budget limits that")
    assert reason.startswith("8 % of the requests of doctor failed")
    assert reason.endswith("write failure_ratio under [everything] or [roles.doctor]")
    for limit in (FEW_FAILURES, FEW_FAILURES_OF_DOCTORS):
        assert against(verdict_of([FAST, limit], rows), "no budget limits that") == []
    assert against(verdict_of([FAST], ("GET", "/x", [5, 100], [])), "no budget limits that") == []


def test_a_run_that_should_write_and_never_did_is_no_pass(verdict_of):
    read = ("GET", "/x", [5, ENOUGH_TO_WRITE], [])
    assert len(against(verdict_of([FEW_FAILURES], read), "nothing was written")) == 1
    assert len(against(verdict_of([FEW_FAILURES], read, ("POST", "/y", [], [5, 3])), "nothing was written")) == 1
    assert against(verdict_of([FEW_FAILURES], read, ("POST", "/y", [5, 1], [])), "nothing was written") == []
    few = ("GET", "/x", [5, ENOUGH_TO_WRITE - 2], [])
    assert against(verdict_of([FEW_FAILURES], few), "nothing was written") == []
