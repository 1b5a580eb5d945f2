"""From a run to its verdict: which facts are looked at, and what the end of a search means."""

from locust.env import Environment
from locust.event import Events

from argparse import Namespace

import pytest

from api.endpoints import SIGN_IN
from reporting import collect_run_data as collecting
from reporting.collect_run_data import facts_of, run_data
from reporting.failure_report import MAX_ERRORS, errors_of
from reporting.metrics.store import MetricsStore
from reporting.verdict.build import build_verdict, does_not_hold
from reporting.verdict.model import Capacity
from reporting.verdict.run_data import RunState
from reporting.verdict.validity import RoleFacts
from tests.written_runs import SURROUNDINGS
from users.roster import Standing

OPTIONS = {"scenario": None, "seed": 1, "run_tag": "x", "think_time": "1-3", "read_only": False, "lag_limit": 100}
NOT_GIVEN = ("run_time", "each_task_once", "access_audit", "arrival_rate", "tags", "exclude_tags", "baseline")


@pytest.fixture
def environment(monkeypatch):
    """What the verdict reads of a run without a shape."""
    monkeypatch.setattr(collecting, "environment_info", lambda: SURROUNDINGS)
    options = Namespace(**OPTIONS, **dict.fromkeys(NOT_GIVEN))
    return Environment(events=Events(), host="http://cms.local", parsed_options=options)


def test_who_signed_in_but_got_only_failures_has_not_worked(environment):
    store = MetricsStore()
    store.add([[0, "admin", SIGN_IN.method, SIGN_IN.path, [9, 1], []], [0, "admin", "GET", "/x", [], [5, 8]]])
    facts = facts_of(environment, store, RunState(by_role={"admin": 1}))
    assert facts.roles == {"admin": RoleFacts(users=1, tried=1, signed_in=1, answers=0)}


@pytest.mark.parametrize(
    ("first_to_break", "told"),
    [
        (
            "the load generator: lag 300 ms",
            ["the search met the limit of the load generator: the load generator: lag 300 ms"],
        ),
        ("everything p95: 900 ms", []),
    ],
)
def test_a_search_that_ended_at_the_generators_limit_says_nothing_about_the_api(environment, first_to_break, told):
    store = MetricsStore()
    store.add([[0, "admin", "GET", "/x", [5, 8], []]])
    found = Capacity(users=30, rate=29.5, first_to_break=first_to_break, step=10, steps=[])
    reasons = build_verdict(run_data(environment, store, [], RunState(capacity=found))).reasons
    assert [reason for reason in reasons if reason.startswith("the search met")] == told


@pytest.mark.parametrize(
    ("users", "must_hold", "reasons"),
    [
        (30, None, []),
        (30, 30, []),
        (30, 31, ["it holds 30 users, and --must-hold asks for 31: everything p95: 900 ms"]),
        (None, 10, ["everything p95: 900 ms"]),
    ],
)
def test_a_search_can_be_asked_for_a_least_number_of_users(users, must_hold, reasons):
    found = Capacity(users=users, rate=29.5, first_to_break="everything p95: 900 ms", step=10, steps=[], most=50)
    assert does_not_hold(found, must_hold) == reasons


def test_users_that_two_workers_report_while_they_move_are_reached_once(environment):
    store = MetricsStore()
    store.saw_users(11)
    store.saw_standing("old", Standing(settled=9))
    store.saw_standing("new", Standing(settled=2))
    assert facts_of(environment, store, RunState(users_asked=9)).users_reached == 9


def test_the_commonest_failures_are_told_first_and_the_rarest_not_at_all(environment):
    for number in range(MAX_ERRORS + 1):
        for _ in range(number + 1):
            environment.stats.log_error("GET", f"/{number}", "expected status 200, got 500")
    told = errors_of(environment)
    assert [failure.count for failure in told] == list(range(MAX_ERRORS + 1, 1, -1))
    assert told[0].row == f"GET /{MAX_ERRORS}"
