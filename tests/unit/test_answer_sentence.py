"""The answer in one sentence, failures by their cause, and what changed since the last run like this one."""

from argparse import Namespace

import pytest
from msgspec.structs import replace

from reporting.baseline import changes_since_the_last
from reporting.metrics.measurements import Interval
from reporting.past_runs import read_run
from reporting.verdict.budgets import Judged
from reporting.verdict.causes import causes_of
from reporting.verdict.model import Capacity, Failure
from reporting.verdict.one_sentence import answer
from reporting.verdict.wording import ms
from tests.written_runs import written_run


@pytest.fixture
def verdict(tmp_path):
    return read_run(written_run(tmp_path / "light-20260101T000000Z")).verdict


def test_a_run_that_passed_says_what_the_api_has_held(verdict):
    assert answer(verdict) == (
        "The API held 10 users: half of the answers came within "
        f"{ms(verdict.everything.steady.ok.p50)} ms, 95 % within {ms(verdict.everything.steady.ok.p95)} ms; "
        "no request failed."
    )


@pytest.mark.parametrize(
    ("budget", "told"),
    [
        (("everything", "", "p95", 800, 2400), "95 % of all requests took up to 2.4 s, and 800 ms is allowed"),
        (
            ("journey", "book an appointment", "p95", 800, 2412),
            "95 % of the journeys “book an appointment” took up to 2.41 s, and 800 ms is allowed",
        ),
        (
            ("role", "doctor", "failure_ratio", 0.01, 0.076),
            "7.6 % of the requests of doctor failed, and 1 % is allowed",
        ),
        (("endpoint", "GET /x", "p50", 5, 9), "half of GET /x took up to 9 ms, and 5 ms is allowed"),
        (("everything", "", "min_rate", 10, 3), "all requests came to 3 per second, and at least 10 are expected"),
        (("endpoint", "GET /x", "p50", 5, None), "nothing was measured of GET /x, which has a budget"),
    ],
)
def test_a_run_that_failed_names_the_budget_that_is_broken_most(verdict, budget, told):
    kept = Judged("everything", "", "p99", 900, 800, ok=True)
    nearly = Judged("everything", "", "p50", 100, 101, ok=False)
    broken = replace(verdict, verdict="fail", budgets=[kept, nearly, Judged(*budget, ok=False)])
    assert answer(broken) == f"The API did not hold 10 users: {told}."


def test_of_a_long_reason_only_its_beginning_is_part_of_the_sentence(verdict):
    failed = replace(verdict, verdict="fail", reasons=["186 leaks: " + "one of them and " * 20])
    assert answer(failed) == "The API did not pass with 10 users: 186 leaks."


def test_an_invalid_run_accuses_nobody(verdict):
    broken = Judged("everything", "", "p95", 1, 900, ok=False)
    said = answer(replace(verdict, verdict="invalid", reasons=["it lagged"], budgets=[broken]))
    assert said == "Not judged: this run says nothing about the API."


def test_a_search_says_how_many_it_holds(verdict):
    found = Capacity(40, 25.0, "everything p95: 900 ms", 10, [], interval=Interval(37, 44))
    held = "The API holds 40 users (95 %: 37 to 44) within budget, at 25 requests/s"
    told = f"{held}; first to break: everything p95: 900 ms."
    assert answer(replace(verdict, capacity=found)) == told


def test_a_search_that_never_broke_holds_at_least_so_many(verdict):
    found = Capacity(40, 25.0, "", 10, [], most=50)
    told = "The API holds at least 40 users within budget, at 25 requests/s; the limit was not reached (50 allowed)."
    assert answer(replace(verdict, capacity=found)) == told


def test_failures_are_told_by_their_cause_and_a_journey_with_its_request():
    errors = [
        Failure("JOURNEY book", "got 500", 4),
        Failure("GET /a", "got 500", 3),
        Failure("GET /b", "got 500", 7),
        Failure("JOURNEY walk", "got lost", 1),
        Failure("GET /c", "no answer", 5),
    ]
    first, second, third = causes_of(errors)
    assert (first.error, first.count, first.journeys) == ("got 500", 10, ["book"])
    assert first.rows == [("GET /b", 7), ("GET /a", 3)]
    assert (second.error, second.count, second.rows) == ("no answer", 5, [("GET /c", 5)])
    assert (third.error, third.rows) == ("got lost", [("JOURNEY walk", 1)])


def test_what_changed_since_the_last_run_like_this_one_is_told_the_worst_first(tmp_path):
    results = tmp_path / "results"
    written_run(results / "light-20260101T000000Z", slower=1.0)
    written_run(results / "light-20260102T000000Z", host="http://other")
    now = read_run(written_run(tmp_path / "now" / "light-20260103T000000Z", slower=3.0, seed=2))
    since = changes_since_the_last(Namespace(results=str(results)), now.verdict, now.timeline)
    assert since.run == "light-20260101T000000Z"
    assert since.changes[0].startswith("everything p")
    assert since.changes[0].endswith(" %), worse")
    again = changes_since_the_last(Namespace(results=str(tmp_path / "now")), now.verdict, now.timeline)
    assert again.changes == []
    assert changes_since_the_last(Namespace(results=str(tmp_path / "none")), now.verdict, now.timeline) is None
