"""When a run is sure: looks that share their error, what each must be sure of, and what cannot be meant."""

from types import SimpleNamespace

import gevent
import pytest
from hypothesis import given
from hypothesis import strategies as some

from config.budget_file import Budget
from config.errors import SetupError
from reporting.metrics.measurements import Figures, Interval, Times
from reporting.until_sure import REPORTS_ARE_IN_SECONDS, UntilSure
from reporting.verdict.budgets import judge
from reporting.verdict.sequential import (
    AGREEING,
    Agreement,
    Sureness,
    confidence_of_a_look,
    confidence_of_agreeing_looks,
    looks,
    said_of,
)
from reporting.verdict.wording import sureness_text
from run.until_sure_options import check_until_sure


@given(some.floats(5, 300), some.floats(5, 7200))
def test_looks_begin_at_the_least_time_grow_and_stay_within_the_run(at_least, at_most):
    found = looks(at_least, at_most)
    assert found == sorted(found)
    assert found[0] == round(min(at_least, at_most))
    assert found[-1] <= round(max(at_least, at_most))
    assert len(found) < 45


@given(some.floats(50, 99.9), some.integers(1, 60))
def test_all_looks_together_are_wrong_as_seldom_as_is_promised(percent, number):
    assert number * (1 - confidence_of_a_look(percent, number)) == pytest.approx(1 - percent / 100)


@given(some.floats(50, 99.9), some.integers(1, 60))
def test_of_looks_that_agree_only_those_in_one_place_share_the_error(percent, number):
    """Of AGREEING looks in a row, one has a number that AGREEING divides."""
    in_that_place = len(range(0, number, AGREEING))
    assert in_that_place * (1 - confidence_of_agreeing_looks(percent, number)) == pytest.approx(1 - percent / 100)


@given(some.lists(some.sampled_from([True, False, None]), min_size=1))
def test_what_is_decided_was_said_by_the_latest_looks(said):
    agreement = Agreement(len(said))
    for number, kept in enumerate(said, start=1):
        needed = min(AGREEING, len(said))
        latest = said[max(0, number - needed) : number]
        decided = len(latest) == needed and len({*latest}) == 1 and kept is not None
        assert agreement.undecided({"everything p95": kept}) == ([] if decided else ["everything p95"])


def test_budgets_are_decided_each_for_itself():
    agreement = Agreement(9)
    for _ in range(AGREEING - 1):
        agreement.undecided({"p95": True, "p99": False})
    assert agreement.undecided({"p95": True, "p99": True}) == ["p99"]


@pytest.mark.parametrize(
    ("interval", "kept"),
    [
        (Interval(700, 790), True),
        (Interval(810, 900), False),
        (Interval(700, 810), None),
        (Interval(700, None), None),
        (None, None),
    ],
)
def test_a_look_is_clear_when_the_interval_lies_on_one_side(interval, kept):
    p95 = 850 if kept is False else 750
    figures = Figures(100, ok=Times(p95=p95), intervals={} if interval is None else {"p95": interval})
    judged = judge({("everything", ""): figures}, [Budget("everything", "", "p95", 800)])
    assert said_of(judged) == {"everything p95": kept}


@pytest.mark.parametrize(("requests", "kept"), [(100, True), (99, None)])
def test_a_count_is_clear_as_soon_as_it_is_reached(requests, kept):
    judged = judge({("everything", ""): Figures(requests)}, [Budget("everything", "", "min_requests", 100)])
    assert said_of(judged) == {"everything min_requests": kept}


def test_what_was_not_decided_is_named():
    assert sureness_text(Sureness(99, None, 15, ["everything p99"])) == (
        "Not sure at 99 %, after 15 looks, of everything p99"
    )


def environment(shape=None, **options):
    given = {
        "until_sure": 95.0,
        "at_least": 20.0,
        "run_time": 300,
        "each_task_once": False,
        "access_audit": False,
    }
    return SimpleNamespace(shape_class=shape, parsed_options=SimpleNamespace(**(given | options)))


@pytest.mark.parametrize(
    ("run", "words"),
    [
        (environment(shape=object()), "is for a steady load"),
        (environment(each_task_once=True), "this run ends when all was asked"),
        (environment(access_audit=True), "this run ends when all was asked"),
        (environment(run_time=None), "--until-sure without --run-time"),
        (environment(run_time=20), "--at-least 20 is no shorter than --run-time 20"),
    ],
)
def test_what_cannot_be_meant_is_refused(run, words):
    with pytest.raises(SetupError, match=words):
        check_until_sure(run)


def test_a_steady_run_with_an_end_may_be_sure():
    check_until_sure(environment())
    check_until_sure(environment(until_sure=None, run_time=None))


class Watched(UntilSure):
    """Sees one budget kept at every look, and notes how sure each look had to be."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def _judged(self, monitor, confidence):
        self.asked.append(confidence)
        figures = Figures(100, ok=Times(p95=750), intervals={"p95": Interval(700, 790)})
        return judge({("everything", ""): figures}, [Budget("everything", "", "p95", 800)])


def test_a_run_is_sure_when_two_looks_agree_and_each_look_must_be_surer_than_the_run():
    ended = []
    run = environment()
    run.parsed_options.headless = True
    run.runner = SimpleNamespace(quit=lambda: ended.append(True))
    store = SimpleNamespace(started=1.0, steady_from=1.0)
    state = SimpleNamespace(aborted=None, sureness=None)
    monitor = SimpleNamespace(environment=run, store=store, state=state, distributed=False)
    until_sure, times = Watched(), looks(20, 300)
    for length in range(times[1] + REPORTS_ARE_IN_SECONDS[False] + 1):
        assert ended == []
        store.seconds = lambda _, length=length: length
        until_sure(monitor)
        gevent.sleep(0)
    assert ended == [True]
    assert state.sureness == Sureness(95.0, times[1], 2, [])
    assert until_sure.asked == [confidence_of_agreeing_looks(95, len(times))] * 2
