"""Validity: every condition that makes a run say nothing about the API, and what each is called."""

from dataclasses import replace

import msgspec
import pytest

from reporting.metrics.measurements import Process
from reporting.past_runs import read_verdict
from reporting.verdict.budgets import Judged
from reporting.verdict.model import Seconds
from reporting.verdict.remedies import remedies
from reporting.verdict.validity import Facts, RoleFacts, reasons_against
from tests.written_runs import written_run

GOOD = Facts(
    requests=1000,
    steady_seconds=60,
    users_asked=10,
    users_reached=10,
    lag_limit=100,
    lasted=70,
    run_time=70,
    ramp_asked=5,
    ramp_took=6,
    roles={"admin": RoleFacts(1, 1, 1, 100), "patient": RoleFacts(9, 9, 9, 900)},
    processes={"w1": Process(20, 300, 80)},
)
BUDGET = Judged("endpoint", "GET /health", "p95", 100, 50, True)
MEASURED = {("endpoint", "GET /health"): 5}


@pytest.fixture
def verdict(tmp_path):
    return read_verdict(written_run(tmp_path / "run"))


def test_a_good_run_has_no_reason_against_it():
    assert reasons_against(GOOD, [BUDGET], MEASURED) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"users_reached": 9}, "only 9 of 10 users were reached"),
        (
            {"idle_users": 2, "idle_seconds": 14.4},
            "2 users did nothing for up to 14 s: no request, no answer to wait for, no think time "
            "(look for a task that blocks)",
        ),
        ({"steady_seconds": 0}, "there was no steady state: the run ended with the ramp"),
        ({"roles": {"admin": RoleFacts(1, 4, 0, 0, "401")}}, "no admin ever signed in (4 tries): 401"),
        ({"roles": {"admin": RoleFacts(1, 1, 0, 0)}}, "no admin ever signed in (1 try)"),
        ({"roles": {"admin": RoleFacts(1, 1, 1, 0)}}, "no admin ever got to work"),
        ({"processes": {"w1": Process(101, 900, 5)}}, "the load generator lagged: 101 ms (p99) above 100 ms on w1"),
        ({"processes": {"w1": Process(1, 2, 91)}}, "the load generator was busy: 91 % CPU on w1"),
        ({"lost_workers": ["w2"]}, "worker w2 was lost, and figures with it"),
        ({"ramp_took": 13.0}, "the schedule was missed: the ramp took 13 s instead of 5 s"),
        (
            {"clock_set_by": -3600.0},
            "the clock of this machine was set by -3600 s, so that times and rates are wrong",
        ),
        ({"missed_starts": 1}, "the schedule was missed: 1 arrival was not let in, since nobody was free"),
        ({"missed_starts": 7}, "the schedule was missed: 7 arrivals were not let in, since nobody was free"),
        ({"lasted": 30.0}, "the schedule was missed: the run ended after 30 s of 70 s"),
        ({"lasted": 68.0}, "the schedule was missed: the run ended after 68 s of 70 s"),
    ],
)
def test_each_condition_is_a_sentence_with_something_to_do_about_it(change, reason, verdict):
    assert reasons_against(replace(GOOD, **change), [BUDGET], MEASURED) == [reason]
    (step,) = remedies(msgspec.structs.replace(verdict, verdict="invalid", reasons=[reason])).values()
    assert len(step) > 10
    assert remedies(msgspec.structs.replace(verdict, verdict="fail", reasons=[reason])) == {}


def test_a_run_that_ended_with_its_ramp_is_told_how_long_to_run(verdict):
    reason = "there was no steady state: the run ended with the ramp"
    seconds = Seconds(ramp=14, steady=0)
    told = remedies(msgspec.structs.replace(verdict, verdict="invalid", reasons=[reason], seconds=seconds))
    assert told == {reason: "the ramp needs about 14 s: --run-time 40s"}


@pytest.mark.parametrize(
    "change",
    [
        {"lasted": 30.0, "cut_short_on_purpose": True},
        {"lasted": 30.0, "run_time": None},
        {"ramp_took": 300.0, "ramp_asked": None},
        {"processes": {"w1": Process()}},
        {"roles": {"admin": RoleFacts(0, 0, 0, 0)}},
    ],
)
def test_what_was_not_asked_for_cannot_be_missed(change):
    assert reasons_against(replace(GOOD, **change), [BUDGET], MEASURED) == []


@pytest.mark.parametrize(
    "change",
    [
        {"processes": {"w1": Process(100, 900, 90)}},
        {"ramp_took": 12.0},
        {"lasted": 69.0},
    ],
)
def test_a_limit_itself_is_allowed_and_a_schedule_has_its_grace(change):
    assert reasons_against(replace(GOOD, **change), [BUDGET], MEASURED) == []


def test_a_budget_without_data_is_named_once():
    budgets = [Judged("endpoint", "GET /health", metric, 100, None, False) for metric in ("p50", "p95")]
    assert reasons_against(GOOD, budgets, {}) == [
        "the endpoint GET /health has a budget, but was not used in the steady state"
    ]


def test_without_a_request_nothing_else_matters():
    facts = replace(GOOD, requests=0, users_reached=0, lost_workers=["w1"])
    assert reasons_against(facts, [BUDGET], {}) == ["no request was sent", "worker w1 was lost, and figures with it"]
