"""What a run could have seen, and what a comparison that finds nothing leaves possible."""

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from reporting.compare import verdict_line
from reporting.metrics.measurements import Figures, Interval, Times
from reporting.past_runs import read_run
from reporting.verdict.comparison import compare
from reporting.verdict.power import named, not_worse_than, reach, smallest_changes
from reporting.verdict.wording import plus_minus, power_text
from tests.written_runs import written_run


def figures(value, low, high, rate=10.0):
    return Figures(1000, rate=rate, ok=Times(p95=value), intervals={"p95": Interval(low, high)})


@given(some.floats(1, 1000), some.floats(1.001, 3), some.floats(1.001, 3))
def test_the_surer_a_figure_is_the_smaller_a_change_is_seen(value, narrow, wide):
    narrow, wide = sorted((narrow, wide))
    sure, unsure = (smallest_changes(figures(value, value / share, value * share)) for share in (narrow, wide))
    assert 0 < sure["p95"] <= unsure["p95"]


def test_a_change_that_is_seen_is_larger_than_what_both_runs_may_be_off():
    """With ±2 % each, two runs may differ by 2.8 % by chance; a comparison asks for more, to be surer than 95 %."""
    (share,) = smallest_changes(figures(100, 98, 102)).values()
    assert 0.028 < share < 0.1


@pytest.mark.parametrize("interval", [Interval(None, 5), Interval(5, None), Interval(0.0, 5), None])
def test_what_is_not_known_to_both_sides_says_nothing(interval):
    assert reach(interval) is None
    assert smallest_changes(Figures(intervals={} if interval is None else {"p95": interval})) == {}
    assert plus_minus(Figures(intervals={} if interval is None else {"p95": interval}), "p95") == ""


def test_no_worse_than_takes_both_runs_doubts():
    before, after = figures(100, 90, 110), figures(100, 90, 110)
    both = math.sqrt(2) * math.log(110 / 90) / 2
    assert not_worse_than(before, after, "p95") == pytest.approx(math.expm1(both))
    slower = figures(200, 180, 220)
    assert not_worse_than(before, slower, "p95") == pytest.approx(2 * math.exp(both) - 1)


def test_a_rate_is_no_worse_when_it_falls_by_no_more():
    before, after = (
        Figures(1000, rate=rate, intervals={"min_rate": Interval(rate * 0.9, rate * 1.1)}) for rate in (10.0, 10.0)
    )
    assert -0.2 < not_worse_than(before, after, "min_rate") < -0.1


def test_a_comparison_that_finds_nothing_says_what_it_leaves_possible(tmp_path):
    before, after = (read_run(written_run(tmp_path / name, seed=seed)) for name, seed in (("a-1", 1), ("a-2", 2)))
    line = verdict_line(compare(before, after))
    assert line.startswith("Nothing changed beyond the noise; with 97.5 % confidence, everything is no worse than p50")
    assert ", rate " in line


def test_the_summary_names_what_would_have_been_seen_and_no_change_that_says_nothing(tmp_path):
    verdict = read_run(written_run(tmp_path / "a-1")).verdict
    assert power_text(verdict).startswith("A comparison would have shown a change of p50 by ")
    rough = msgspec.structs.replace(verdict, smallest_changes={"p50": 1.2, "p95": 3.0})
    assert power_text(rough).startswith("Too short, or too uneven, for a comparison")
    assert named({"p50": 0.031, "min_rate": 0.1}) == "p50 by 3 %, the rate by 10 %"
