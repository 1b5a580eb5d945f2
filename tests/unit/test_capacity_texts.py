"""What a search has found, in words: how many, how sure, and what limits."""

import pytest

from reporting.metrics.measurements import Figures, Interval
from reporting.verdict.capacity_texts import found_text, step_text, what_limits
from reporting.verdict.model import Capacity, Step
from reporting.verdict.scalability import rate_at, scalability

LOADS = (25, 50, 100, 200, 150)


def capacity(law=None, broke="everything p95", interval=None):
    steps = [Step(users, Figures(), users < 200) for users in LOADS]
    fitted = scalability([(users, rate_at(users, law)) for users in LOADS]) if law else None
    return Capacity(152, 92.4, broke, 25, steps, 1000, interval, fitted)


@pytest.mark.parametrize(
    ("interval", "told"),
    [
        (None, "holds 152 users within"),
        (Interval(141, 160), "holds 152 users (95 %: 141 to 160) within"),
        (Interval(None, 160), "holds 152 users (95 %: at most 160) within"),
        (Interval(141, None), "holds 152 users (95 %: at least 141) within"),
        (Interval(None, None), "holds 152 users (95 %: not known) within"),
    ],
)
def test_the_headline_says_how_sure_it_is(interval, told):
    assert found_text(capacity(interval=interval)).startswith(told)


def test_where_nothing_broke_the_interval_is_left_out():
    found = capacity(broke="", interval=Interval(152, None))
    told = "holds at least 152 users within budget, at 92.4 requests/s; the limit was not reached (1000 allowed)"
    assert found_text(found) == told


@pytest.mark.parametrize(
    ("law", "told"),
    [
        ((1, 0.03, 0), "With more users, they wait for each other (contention 3 %)."),
        (
            (1, 0, 1e-4),
            "With more users, each makes all others slower (coherency 0.01 %); "
            "beyond 100 users the rate does not grow.",
        ),
        ((1, 0, 0), "Up to 200 users the rate grows with them: no limit of the rate was seen."),
        (None, ""),
    ],
)
def test_one_sentence_says_what_limits(law, told):
    assert what_limits(capacity(law)) == told


def test_a_generator_that_broke_first_is_the_limit():
    assert what_limits(capacity((1, 0.03, 0), "the load generator: lag")) == (
        "The load generator was the limit, not the API."
    )


def test_a_step_says_when_another_try_may_say_the_opposite():
    assert step_text(Step(25, Figures(), True, seconds=30)) == "yes, too close to call"
    assert step_text(Step(25, Figures(), True, seconds=30, sure=True)) == "yes"
    assert step_text(Step(25, Figures(), False, ["a", "b"], seconds=30, sure=True)) == "a; b"
    assert step_text(Step(25, Figures(), False, ["the load generator: lag"], seconds=30)) == "the load generator: lag"
