"""The search for the limit: climbing, going back, confirming, on servers whose limit is known."""

import pytest

from reporting.metrics.measurements import Figures
from reporting.metrics.store import Window
from reporting.verdict.capacity import Plan, Search
from reporting.verdict.model import Step

PLAN = Plan(step=10, most=100, settle=2, hold=5, patience=1.5, longest_ramp=30)


def search_on(look, plan=PLAN, arrives=True):
    """Runs a search to its end, second by second, while a user comes or goes in each.

    Returns what it found and which loads it tried, in order. Every step must be measured with its users and no other
    load, after they have settled, and be looked at when all reports are in.
    """
    tried = []
    there, now = 0, 1000.0

    def watch(start, end):
        assert there == search.users
        assert start > now + plan.settle
        assert end == start + plan.hold
        return Window(start, end)

    def look_in_time(users, window):
        assert now >= window.end + plan.patience
        return look(users, window)

    search = Search(plan, watch, look_in_time)
    while (users := search.tick(now, there)) is not None:
        assert now < 10_000, "it does not end"
        if not tried or tried[-1] != users:
            tried.append(users)
        if arrives:
            there += (users > there) - (users < there)
        now += 1
    return search.capacity, tried


def server(limit):
    def look(users, window):
        return Step(users, Figures(rate=float(users)), users <= limit, [] if users <= limit else ["everything p95"])

    return look


@pytest.mark.parametrize("limit", [10, 14, 35, 60, 99])
def test_it_finds_the_last_step_within_the_limit(limit):
    found, tried = search_on(server(limit))
    assert found.users == limit // 10 * 10
    assert found.rate == found.users
    assert found.first_to_break == "everything p95"
    assert tried == [*range(10, found.users + 20, 10), found.users]


def test_a_server_that_never_breaks_holds_the_most():
    found, tried = search_on(server(1000))
    assert (found.users, found.first_to_break) == (100, "")
    assert tried == list(range(10, 110, 10))


def test_a_server_that_holds_nothing_says_so():
    found, tried = search_on(server(5))
    assert (found.users, found.first_to_break) == (None, "everything p95")
    assert tried == [10]


def test_what_is_not_confirmed_is_not_claimed():
    """Once it has broken, this server holds only half of what it held before."""
    broken = []

    def look(users, window):
        held = users <= (20 if broken else 40)
        broken.extend([] if held else [users])
        return Step(users, Figures(), held, [] if held else ["everything p95"])

    found, tried = search_on(look)
    assert found.users == 20
    assert tried == [10, 20, 30, 40, 50, 40, 30, 20]
    assert [step.users for step in found.steps] == [10, 20, 30, 40, 50, 50, 40, 40, 30, 30, 20]
    assert [step.held for step in found.steps] == [True] * 4 + [False] * 6 + [True]


def test_what_broke_first_is_told_even_when_something_else_breaks_later():
    broken = []

    def look(users, window):
        held = users <= (10 if broken else 20)
        broken.extend([] if held else [users])
        return Step(users, Figures(), held, [] if held else [f"broken at {users}"])

    found, _ = search_on(look)
    assert (found.users, found.first_to_break) == (10, "broken at 30")


def test_a_moments_trouble_is_no_limit():
    troubled = []

    def look(users, window):
        held = users <= 40 and (users != 20 or bool(troubled))
        troubled.extend([] if held else [users])
        return Step(users, Figures(), held, [] if held else ["everything p95"])

    found, _ = search_on(look)
    assert found.users == 40
    assert [step.users for step in found.steps] == [10, 20, 20, 30, 40, 50, 50, 40]


def test_users_that_do_not_come_are_the_generators_fault():
    found, _ = search_on(server(50), arrives=False)
    assert found.users is None
    assert found.first_to_break.startswith("the load generator")
