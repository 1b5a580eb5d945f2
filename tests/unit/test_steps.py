"""One step of a search: what broke, how sure that is, and how many users would just keep the budgets."""

import pytest

from reporting.metrics.measurements import Figures, Interval
from reporting.verdict.budgets import Judged
from reporting.verdict.steps import step_of


def judged(metric="p95", value=100.0, low=None, high=None, limit=200.0):
    interval = Interval(low, high) if low or high else None
    return Judged("everything", "", metric, limit, value, value <= limit, interval)


def step(*budgets, generator=(), users=100, rate=50.0):
    return step_of(users, 30, Figures(rate=rate), budgets, generator)


@pytest.mark.parametrize(
    ("budgets", "held", "sure"),
    [
        ([judged(value=100, low=90, high=110)], True, True),
        ([judged(value=190, low=150, high=230)], True, False),
        ([judged(value=210, low=150, high=230)], False, False),
        ([judged(value=250, low=240, high=260)], False, True),
        ([judged(value=250, low=240, high=260), judged(value=190, low=150, high=230)], False, True),
        ([judged(value=100, low=90, high=110), judged(value=190, low=150, high=230)], True, False),
        ([judged("failure_ratio", 0, None, 0.02, limit=0.01)], True, True),
        ([judged("failure_ratio", 0.02, limit=0.01)], False, False),
    ],
)
def test_a_step_is_sure_when_each_budget_is_or_one_is_surely_broken(budgets, held, sure):
    found = step(*budgets)
    assert (found.held, found.sure) == (held, sure)


def test_a_generator_that_lags_breaks_a_step_that_is_not_the_apis():
    found = step(judged(value=250, low=240, high=260), generator=["the load generator: lag"])
    assert (found.held, found.sure, found.broke[0]) == (False, False, "the load generator: lag")


def test_the_tightest_budget_counts():
    found = step(judged("p50", 50, 40, 60), judged("p95", 150, 140, 180))
    assert (found.strain, found.strain_interval) == (0.75, Interval(0.7, 0.9))


def test_by_littles_law_it_tells_how_many_would_hold():
    """200 ms too slow at 50 requests a second: ten users wait too many."""
    assert step(judged(value=400)).would_hold == pytest.approx(90)
    assert step(judged(value=400), judged("p50", 300)).would_hold == pytest.approx(90)
    assert step(judged(value=100)).would_hold is None
    assert step(judged("failure_ratio", 0.5, limit=0.01)).would_hold is None


def test_what_was_not_measured_is_no_figure():
    nothing = Judged("everything", "", "p95", 200, None, ok=False)
    found = step(nothing)
    assert (found.held, found.sure, found.strain, found.strain_interval) == (False, False, None, None)
