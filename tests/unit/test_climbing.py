"""The search in a run: a step is judged by the budgets that fit a part of a run, and by the load generator."""

from argparse import Namespace
from types import SimpleNamespace

from config.budget_file import Budget
from reporting.capacity_search import CapacitySearch
from reporting.metrics.store import MetricsStore
from reporting.verdict.run_data import RunState

OPTIONS = Namespace(spawn_rate=10, step_users=10, num_users=30, step_settle=1, step_time=2, lag_limit=100.0)


def climbed(rows_at, *budgets):
    """What a search finds when so many users make those rows in every second."""
    now = 1_000_000.0
    store = MetricsStore(lambda: now)
    runner = SimpleNamespace(user_count=0)
    environment = SimpleNamespace(parsed_options=OPTIONS)
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
