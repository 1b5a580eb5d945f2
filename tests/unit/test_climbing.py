"""The search in a run: a step is judged by the budgets that fit a part of a run, and by the load generator."""

from argparse import Namespace
from types import SimpleNamespace

from config.budget_file import Budget
from reporting.capacity_search import Climb
from reporting.metrics.store import Book
from reporting.verdict.build import Course

OPTIONS = Namespace(spawn_rate=10, step_users=10, num_users=30, step_settle=1, step_time=2, lag_limit=100.0)


def climbed(rows_at, *budgets):
    """What a search finds when so many users make those rows in every second."""
    now = 1_000_000.0
    book = Book(lambda: now)
    runner = SimpleNamespace(user_count=0)
    environment = SimpleNamespace(parsed_options=OPTIONS)
    referee = SimpleNamespace(environment=environment, distributed=False, book=book, budgets=budgets, course=Course())
    climb = Climb(referee, runner, lambda: now)
    while (asked := climb.tick()) is not None:
        runner.user_count, _ = asked
        book.add([[int(now), *row] for row in rows_at(runner.user_count)])
        now += 1
    return referee.course.capacity


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
        lambda users: [["admin", "GET", "/", [5, users], []], ["", "LAG", "worker", [15 * users, 20], []]],
        Budget("everything", "", "p95", 100),
    )
    assert (found.users, found.first_to_break) == (None, "the load generator: lag 150 ms above 100 ms")
