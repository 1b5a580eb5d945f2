"""What to fix first: ranked by what people wait for and what breaks the budgets, told in a sentence."""

import json

import msgspec
import pytest

from reporting.find_incidents import nobodys_failures
from reporting.metrics.growth import Growth, growth_of
from reporting.metrics.histogram import Histogram
from reporting.metrics.store import MetricsStore
from reporting.verdict.budgets import Judged
from reporting.verdict.fix_first import fix_first, is_urgent
from reporting.verdict.model import Verdict
from reporting.verdict.wording import fix_first_lines, fix_first_title, notes_of
from tests.written_runs import written_run


def in_ms(times):
    return Histogram((taken * 1000, count) for taken, count in times.items())


def rows(**routes):
    """`name={ms: count}` of successful answers, or a Histogram."""
    return {
        ("patient", "GET", f"/{name}"): found if isinstance(found, Histogram) else in_ms(found)
        for name, found in routes.items()
    }


def judged(metric, limit, ok, subject=("everything", "")):
    return Judged(*subject, metric, limit, None, ok)


def ranked(rows, budgets=(), growth=None):
    return [found.route for found in fix_first(rows, budgets, growth or {})]


def test_who_makes_people_wait_longest_in_all_comes_first():
    found = fix_first(rows(often={20: 900}, slow={2000: 3}, rare={300: 1}), [], {})
    assert [one.route for one in found] == ["GET /often", "GET /slow"]
    assert found[0].waiting == pytest.approx(18_000 / 24_300, abs=1e-4)
    assert found[0].reason == "74 % of all waiting time; p95 20 ms"
    assert not is_urgent(found)


def test_what_breaks_a_budget_weighs_more_than_what_only_takes_time():
    measured = rows(often={20: 900}, slow={600: 10})
    assert ranked(measured) == ["GET /often", "GET /slow"]
    found = fix_first(measured, [judged("p95", 500, False)], {})
    assert [one.route for one in found] == ["GET /slow", "GET /often"]
    assert found[0].reason == (
        "100 % of the answers that break everything p95; 25 % of all waiting time; p95 600 ms of 500 ms allowed"
    )
    assert is_urgent(found)


def test_failures_break_the_budget_of_failures():
    failing = Histogram([(5000, 10)], [(5000, 8)])
    found = fix_first(rows(fine={100: 90}, bad=failing), [judged("failure_ratio", 0.01, False)], {})
    assert found[0].route == "GET /bad"
    assert found[0].reason.startswith("100 % of the failures that break everything failure_ratio; ")


def test_the_failures_of_an_api_that_was_away_are_no_routes_own():
    measured, broken = rows(a=Histogram([(5, 9)], [(1, 9)])), [judged("failure_ratio", 0.01, False)]
    assert [one.breaking for one in fix_first(measured, broken, {})] == [1.0]
    assert [one.breaking for one in fix_first(measured, broken, {}, {"GET /a": 6})] == [pytest.approx(1 / 3, abs=1e-4)]
    assert [one.breaking for one in fix_first(measured, broken, {}, {"GET /a": 9})] == [0.0]
    store = MetricsStore(lambda: 1_000_000.0)
    store.reached_its_users()
    for text in ("could not connect: Connection refused", "expected status 200, got 500"):
        store.add([[1_000_003, "GET /a", "SAID", text, [], [1, 7]]])
    store.stopping_from = 1_000_010.0
    assert nobodys_failures(store) == {"GET /a": 7}


def test_a_budget_of_another_subject_does_not_count():
    other = [judged("p95", 1, False, ("role", "admin"))]
    assert [one.breaking for one in fix_first(rows(a={20: 9}), other, {})] == [0.0]


def test_a_route_is_held_against_its_own_budget_and_is_urgent_when_it_comes_near():
    budgets = [judged("p95", 1000, True), judged("p95", 100, True, ("endpoint", "GET /a"))]
    (found,) = fix_first(rows(a={90: 9}), budgets, {})
    assert (found.strain, is_urgent([found])) == (0.9, True)


def test_growth_with_the_load_is_told_and_decides_between_equals():
    growth = {"GET /b": Growth(50, 200, 40, 168), "GET /a": Growth(50, 200, 40, 44)}
    found = fix_first(rows(a={100: 9}, b={100: 9}), [], growth)
    assert [one.route for one in found] == ["GET /b", "GET /a"]
    assert found[0].reason.endswith("4.2 times as slow with 200 users as with 50")
    assert "times as slow" not in found[1].reason


def test_three_routes_at_most_and_none_that_hardly_matters():
    assert len(ranked(rows(**{name: {50: 9} for name in "abcdefg"}))) == 3
    assert ranked(rows(a={1000: 99}, b={1: 1})) == ["GET /a"]
    assert ranked({("admin", "POST", "/api/auth/login"): Histogram([(900_000, 9)])}) == []


def store_of(users):
    now = [1_000_000.0]
    store = MetricsStore(lambda: now[0])
    store.reached_its_users()
    for second, count in enumerate(users):
        now[0] = 1_000_000.0 + second
        store.saw_users(count)
        store.add([[1_000_000 + second, "patient", "GET", "/a", [count * 1000, 5], []]])
    store.is_stopping()
    return store


def test_growth_compares_few_users_with_many():
    assert growth_of(store_of([10] * 20 + [40] * 20)) == {"GET /a": Growth(10, 40, 9.984, 39.936)}
    assert growth_of(store_of([10] * 40)) == {}


def test_a_run_that_says_nothing_accuses_nobody(tmp_path):
    def routes(folder):
        return [one["route"] for one in json.loads((folder / "verdict.json").read_text("utf-8"))["fix_first"]]

    assert sorted(routes(written_run(tmp_path / "valid"))) == ["GET /a", "GET /b"]
    assert routes(written_run(tmp_path / "invalid", objections=["the load generator lagged"])) == []


def test_the_lines_are_numbered_and_short_when_nothing_is_wrong(tmp_path):
    verdict = msgspec.json.decode((written_run(tmp_path / "a") / "verdict.json").read_bytes(), type=Verdict)
    found = fix_first(rows(a={900: 9}), [judged("p95", 500, False)], {})
    told = msgspec.structs.replace(verdict, fix_first=found)
    assert fix_first_title(told) == "Fix first"
    assert fix_first_lines(told)[0].startswith("1. GET /a: 100 % of the answers that break everything p95")
    assert notes_of(told)[0].startswith("Fix first: 1. GET /a")
    calm = msgspec.structs.replace(verdict, fix_first=fix_first(rows(a={900: 9}), [], {}))
    assert fix_first_title(calm) == "What people wait for most"
    assert not [line for line in notes_of(calm) if "Fix first" in line]
