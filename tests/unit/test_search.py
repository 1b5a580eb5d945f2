"""The search for the limit: coarse steps, closing in, confirming, on servers whose limit is known."""

import pytest

from reporting.metrics.measurements import Figures
from reporting.metrics.store import Window
from reporting.verdict.capacity import Plan, Search
from reporting.verdict.model import Step

PLAN = Plan(step=10, most=100, settle=2, hold=30, patience=1.5, spawn_rate=1)


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
        assert window.seconds == 0 or now >= window.end + plan.patience
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


def step_at(users, window, held, broke="everything p95", sure=True):
    return Step(users, Figures(rate=float(users)), held, [] if held else [broke], seconds=window.seconds, sure=sure)


def server(limit):
    return lambda users, window: step_at(users, window, users <= limit)


@pytest.mark.parametrize("limit", [10, 14, 35, 60, 73, 99])
def test_it_finds_the_limit_to_one_user_or_five_percent(limit):
    found, _ = search_on(server(limit))
    assert found.users <= limit <= found.users * 1.06 + 1
    assert found.rate == found.users
    assert found.first_to_break == "everything p95"


def test_coarse_steps_lead_up_and_halves_lead_back():
    found, tried = search_on(server(60))
    assert tried[:6] == [10, 20, 40, 80, 60, 70]
    assert found.users == 60


def test_a_server_that_never_breaks_holds_the_most():
    found, tried = search_on(server(1000))
    assert (found.users, found.first_to_break) == (100, "")
    assert tried == [10, 20, 40, 80, 100]


def test_a_server_that_holds_nothing_says_so():
    found, tried = search_on(server(5))
    assert (found.users, found.first_to_break, found.interval) == (None, "everything p95", None)
    assert tried == [10]
    assert len(found.steps) == 2


def test_what_is_not_confirmed_is_not_claimed():
    """Once it has broken, this server holds only a part of what it held before."""
    broken = []

    def look(users, window):
        held = users <= (25 if broken else 40)
        broken.extend([] if held else [users])
        return step_at(users, window, held)

    found, _ = search_on(look)
    assert 24 <= found.users <= 25
    assert [step.held for step in found.steps if step.users == 40] == [True, False]


def test_what_broke_first_is_told_even_when_something_else_breaks_later():
    found, _ = search_on(lambda users, window: step_at(users, window, users <= 20, f"broken at {users}"))
    assert (found.users, found.first_to_break) == (20, "broken at 40")


def test_a_moments_trouble_is_no_limit():
    troubled = []

    def look(users, window):
        held = users <= 70 and (users != 20 or bool(troubled))
        troubled.extend([] if held else [users])
        return step_at(users, window, held)

    found, _ = search_on(look)
    assert 67 <= found.users <= 70
    assert [step.held for step in found.steps if step.users == 20] == [False, True]


def test_a_step_that_told_how_many_would_hold_leads_there():
    def look(users, window):
        step = step_at(users, window, users <= 57)
        return step if step.held else Step(users, step.figures, False, step.broke, sure=True, would_hold=57.0)

    _, tried = search_on(look)
    assert tried[:5] == [10, 20, 40, 80, 57]


@pytest.mark.parametrize("sure_after", [0, 14, 25, 99])
def test_a_step_ends_when_it_is_decided_and_not_before_it_was_seen_for_a_while(sure_after):
    seen = {}

    def look(users, window):
        seen.setdefault(users, []).append(window.seconds)
        return step_at(users, window, True, sure=window.seconds >= sure_after)

    found, _ = search_on(look)
    last = {step.seconds for step in found.steps}
    assert last == {next((at for at in seen[10] if at >= sure_after), PLAN.hold)}
    assert min(seen[10]) >= 10
    assert max(last) <= PLAN.hold


def test_the_looks_of_a_step_share_its_error():
    assert (1 - PLAN.confidence) * len(PLAN.looks) == pytest.approx(0.05)


def test_a_step_shorter_than_the_shortest_look_is_seen_once():
    plan = Plan(step=10, most=100, settle=2, hold=4, patience=1.5, spawn_rate=1)
    found, _ = search_on(lambda users, window: step_at(users, window, users <= 60, sure=False), plan)
    assert {step.seconds for step in found.steps} == {4}


def test_users_that_do_not_come_are_the_generators_fault():
    found, _ = search_on(server(50), arrives=False)
    assert found.users is None
    assert found.first_to_break.startswith("the load generator")


def test_four_loads_and_more_tell_how_the_rate_grows():
    found, _ = search_on(server(60))
    assert found.scalability.rate_of_one == pytest.approx(1.0)
    assert search_on(server(5))[0].scalability is None
