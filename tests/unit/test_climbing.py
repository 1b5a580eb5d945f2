"""The search in a run: a step is judged by the budgets that fit a part of a run, and by the load generator."""

from argparse import Namespace
from types import SimpleNamespace

import pytest

from config.budget_file import Budget
from reporting.capacity_search import CapacitySearch
from reporting.metrics.store import MetricsStore
from reporting.verdict.run_data import RunState

OPTIONS = Namespace(spawn_rate=10, step_users=10, num_users=30, step_settle=1, step_time=2, lag_limit=100.0)


def climbed(rows_at, *budgets, options=OPTIONS):
    """What a search finds when so many users make those rows in every second."""
    now = 1_000_000.0
    store = MetricsStore(lambda: now)
    runner = SimpleNamespace(user_count=0)
    environment = SimpleNamespace(parsed_options=options)
    monitor = SimpleNamespace(
        environment=environment, distributed=False, store=store, budgets=budgets, state=RunState()
    )
    search = CapacitySearch(monitor, runner, lambda: now)
    while (asked := search.tick()) is not None:
        runner.user_count, _ = asked
        store.add([[int(now), *row] for row in rows_at(runner.user_count)])
        now += 1
    return monitor.state.capacity


def test_a_step_need_not_reach_what_is_asked_of_a_whole_run():
    found = climbed(
        lambda users: [["admin", "GET", "/", [5, users], []]],
        Budget("everything", "", "p95", 100),
        Budget("everything", "", "min_requests", 10_000),
        Budget("everything", "", "min_rate", 1000),
    )
    assert (found.users, found.rate, found.first_to_break) == (30, 30.0, "")


def test_a_generator_that_lags_breaks_a_step():
    found = climbed(
        lambda users: [["admin", "GET", "/", [5, users], []], ["", "LAG", "worker", [15_000 * users, 20], []]],
        Budget("everything", "", "p95", 100),
    )
    assert (found.users, found.first_to_break) == (None, "the load generator: lag 150 ms above 100 ms")


def test_a_step_ends_when_its_budgets_are_decided_and_the_steps_tell_where_the_limit_is():
    """With each user more than twenty, answers take 10 ms more; the budget is kept up to thirty."""

    def rows(users):
        taken = 1000 * (100 + 10 * max(0, users - 20))
        return [["admin", "GET", "/", [taken - 2000, users, taken, users], []]]

    options = Namespace(spawn_rate=10, step_users=10, num_users=200, step_settle=1, step_time=60, lag_limit=100.0)
    found = climbed(rows, Budget("everything", "", "p95", 205), options=options)
    assert 28 <= found.users <= 30
    assert found.interval.low <= 30 <= found.interval.high
    assert {step.seconds for step in found.steps} == {10}
    assert all(step.sure for step in found.steps)
    assert found.scalability.rate_of_one == pytest.approx(2.0)


def test_a_step_that_cannot_be_decided_lasts_as_long_as_it_may():
    """Every other second is slow: whether the p50 keeps its budget is anybody's guess."""
    seconds = []

    def rows(users):
        seconds.append(users)
        return [["admin", "GET", "/", [300_000 if len(seconds) % 2 else 100_000, users], []]]

    options = Namespace(spawn_rate=10, step_users=10, num_users=10, step_settle=1, step_time=30, lag_limit=100.0)
    found = climbed(rows, Budget("everything", "", "p50", 200), options=options)
    assert found.steps[0].seconds == 30
    assert not found.steps[0].sure
