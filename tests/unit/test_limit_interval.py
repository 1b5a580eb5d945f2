"""Where a limit lies, told by all steps near it; what is not sure widens it."""

import math

import pytest

from reporting.metrics.measurements import Figures, Interval
from reporting.verdict.limit_interval import interval_of
from reporting.verdict.model import Step

CONFIDENCE = 0.99


def step(users, strain, off=0.05):
    interval = Interval(strain * (1 - off), strain * (1 + off))
    broke = [] if strain <= 1 else ["everything p95"]
    return Step(users, Figures(), not broke, broke, seconds=30, strain=strain, strain_interval=interval)


def steps(*loads, limit=100, power=3, off=0.05):
    """Of an API that uses up its budget at the limit, as a power of its users."""
    return [step(users, (users / limit) ** power, off) for users in loads]


def test_it_holds_the_limit_and_is_close_to_it():
    found = interval_of(steps(25, 50, 100, 120, 110, 105), CONFIDENCE)
    assert 90 <= found.low <= 100 <= found.high <= 110


def test_steps_that_are_less_sure_widen_it():
    sure, unsure = (interval_of(steps(50, 98, 130, 104, off=off), CONFIDENCE) for off in (0.02, 0.3))
    assert unsure.low < sure.low
    assert sure.high < unsure.high


def test_it_ends_where_a_step_surely_breaks_and_begins_where_one_has_room_to_spare():
    found = interval_of([step(50, 0.5), step(100, 0.99, 0.4), step(110, 1.01, 0.4), step(140, 2.0)], CONFIDENCE)
    assert found.low >= 50
    assert found.high <= 140


def test_a_single_calm_step_is_not_believed():
    """It surely held, by itself; the others say that the limit is 100."""
    calm = step(108, 0.9, 0.05)
    found = interval_of([*steps(50, 95, 130, 112, off=0.15), calm], CONFIDENCE)
    assert found.low <= 100


def test_where_nothing_broke_there_is_no_upper_end():
    assert interval_of(steps(25, 50, 80), CONFIDENCE) == Interval(80, None)


def test_where_nothing_held_there_is_none():
    assert interval_of(steps(110, 110), CONFIDENCE) is None


@pytest.mark.parametrize("strain_interval", [None, Interval(None, None), Interval(None, 0.5), Interval(0.7, None)])
def test_whatever_is_unknown_of_a_step_it_is_no_error(strain_interval):
    odd = Step(90, Figures(), True, strain=0.7, strain_interval=strain_interval)
    found = interval_of([odd, Step(95, Figures(), True), *steps(50, 130)], CONFIDENCE)
    assert found.low <= 95 <= found.high
    assert math.isfinite(found.high)
