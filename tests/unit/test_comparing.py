"""What a comparison looks at: the steady state of both runs, second by second, and what is worse for each metric."""

from pathlib import Path

import msgspec
import pytest

from reporting.compare import markdown
from reporting.metrics.measurements import Figures, Measured, Times
from reporting.metrics.timeline import Series, Timeline
from reporting.past_runs import folders_of_runs, read_verdict
from reporting.verdict.comparison import Run, compare, drift
from tests.written_runs import written_run


@pytest.fixture
def run(tmp_path):
    """`run(timeline, **figures)`: a run with nothing but its total figures."""
    verdict = msgspec.structs.replace(read_verdict(written_run(tmp_path)), roles={}, journeys={}, endpoints={})

    def made(timeline, requests=300, failures=0, rate=10.0, p50=50):
        figures = Figures(requests, failures, rate, Times(p50, p50, p50))
        return Run(Path("run"), msgspec.structs.replace(verdict, everything=Measured(figures)), timeline)

    return made


def timeline(intervals=30, interval=1, steady_from=0, requests=None, failures=None, p50=None):
    """Ten requests of 50 ms in every interval, unless told otherwise."""
    times = p50 or [50] * intervals
    series = Series(requests or [10] * intervals, failures or [0] * intervals, times, times, times)
    return Timeline(interval, steady_from, intervals, [1] * intervals, series, {}, {}, {})


def worse(before, after):
    return [change.metric for change in compare(before, after).worse]


def test_a_lower_rate_is_worse_and_a_higher_one_better(run):
    fast = run(timeline(requests=[20] * 30), rate=20.0)
    slow = run(timeline(requests=[10] * 30), rate=10.0)
    assert worse(fast, slow) == ["rate"]
    assert worse(slow, fast) == []
    assert [change.metric for change in compare(slow, fast).changes if change.better] == ["rate"]


def test_more_failures_are_worse_at_the_same_rate(run):
    assert worse(run(timeline()), run(timeline(failures=[3] * 30), failures=90)) == ["failures"]


def test_the_ramp_is_not_compared(run):
    """Twenty seconds of ramp, slow in one of the runs."""
    even = run(timeline(steady_from=20))
    assert worse(even, run(timeline(steady_from=20, p50=[900] * 20 + [50] * 10), p50=51)) == []


def test_counts_are_compared_per_second_however_long_the_intervals_are(run):
    by_two_seconds = run(timeline(interval=2, requests=[20] * 30))
    assert worse(by_two_seconds, run(timeline(requests=[10] * 30), rate=9.99)) == []


def test_what_has_too_few_intervals_to_be_judged_has_a_question_mark(run):
    assert "50 -> 70 ?" in markdown(compare(run(timeline(5)), run(timeline(5), p50=70)))
    assert "?" not in markdown(compare(run(timeline(8)), run(timeline(8), p50=70))).split("Judged by")[0]


@pytest.mark.parametrize("metric", ["p50", "failures"])
def test_what_is_higher_in_the_last_third_drifts(metric):
    assert f"it drifts: {metric} 5 in the first third, 9 in the last" in drift(
        timeline(**{metric: [5] * 20 + [9] * 10})
    )


def test_what_becomes_better_does_not_drift():
    """Failures in nearly half of the first third: its median is 0 too, so that only their sum tells the direction."""
    assert drift(timeline(90, failures=[5] * 14 + [0] * 76)) == []


def test_silent_seconds_are_no_fast_ones():
    """In the first third nothing is answered in half of the seconds: that must not make it the faster third."""
    silent = [50, None] * 20
    assert drift(timeline(120, p50=silent + [50] * 80)) == []


def test_runs_of_one_second_are_in_the_order_of_their_numbers(tmp_path):
    names = ["light-20260101T100000Z", "web-20260101T100000Z-2", "light-20260101T100000Z-10", "web-20260102T100000Z"]
    for name in reversed(names):
        (tmp_path / name).mkdir()
        (tmp_path / name / "verdict.json").touch()
    assert [folder.name for folder in folders_of_runs(tmp_path)] == names


def test_the_ramp_neither_hides_a_drift_nor_is_one():
    slow_ramp = timeline(60, steady_from=20, p50=[900] * 20 + [50] * 20 + [60] * 20)
    assert "it drifts: p50 50 in the first third, 60 in the last" in drift(slow_ramp)
    assert drift(timeline(60, steady_from=20, p50=[5] * 20 + [50] * 40)) == []
