"""The machine's own pace: what it explains is no change of the API, what goes beyond it is."""

import re
from dataclasses import replace

import pytest
from msgspec import structs

from reporting.baseline import beside
from reporting.metrics.timeline import Pace
from reporting.past_runs import read_run
from reporting.verdict.comparison import compare, drift
from reporting.verdict.conditions import Conditions
from reporting.verdict.machine_pace import pace_ratios, sentence_of, steady_pace
from tests.unit.test_comparing import timeline
from tests.written_runs import written_run


@pytest.fixture
def runs(tmp_path):
    """`runs(machine, slower)`: two runs; of the second, the machine is so many times as slow, and a route besides."""

    def made(machine, slower=1.0):
        before = written_run(tmp_path / "light-1")
        after = written_run(tmp_path / "light-2", machine=machine, slower=slower, seed=2)
        return read_run(before), read_run(after)

    return made


@pytest.mark.parametrize("machine", [1.3, 0.7])
def test_a_machine_that_has_changed_is_not_the_apis_doing(runs, machine):
    comparison = compare(*runs(machine))
    assert comparison.by_importance == []
    ((percent, way),) = re.findall(r"machine took (\d+) % (more|less) time", " ".join(comparison.cautions))
    assert (abs(int(percent) - 30) <= 3, way) == (True, "more" if machine > 1 else "less")


def test_what_goes_beyond_the_machine_is_told(runs):
    comparison = compare(*runs(1.3, 1.5))
    assert {change.subject[1] for change in comparison.worse if change.subject[0] == "endpoint"} == {"GET /a"}


def test_a_machine_that_has_not_changed_excuses_nothing(runs):
    comparison = compare(*runs(1.0, 1.3))
    assert comparison.worse
    assert comparison.cautions == []


def test_a_faster_machine_is_no_reason_to_call_an_api_slower_whose_answers_take_as_long(runs):
    before, after = runs(1.0)
    series = (after.timeline.pace.p50, after.timeline.pace.p95)
    halved = Pace(*([value and value / 2 for value in one] for one in series))
    faster = replace(after, timeline=structs.replace(after.timeline, pace=halved))
    assert compare(before, faster).by_importance == []


def test_the_verdict_says_what_the_machine_explains(runs):
    before, after = runs(1.3)
    told = beside(before, after.verdict, after.timeline)
    assert told.verdict == after.verdict.verdict
    assert any(
        finding.startswith("held against light-1, the load generator's machine took") for finding in told.findings
    )


def test_a_run_that_slows_down_with_its_machine_does_not_drift():
    even, slow = [0.1] * 20, [0.18] * 10
    drifting = timeline(p50=[50] * 20 + [90] * 10)
    assert any("p50 50" in each for each in drift(drifting))
    assert drift(structs.replace(drifting, pace=Pace([*even, *slow], [*even, *slow]))) == []


def test_rates_fall_with_the_machine():
    before, after = [10.0, 11.0] * 15, [8.0, 8.8] * 15
    assert Conditions([1.0], False).p(before, after, "rate") < 0.001
    assert Conditions([1.25], False).p(before, after, "rate") > 0.5
    assert Conditions([1.25], False).p(before, after, "failures") < 0.001, "of failures the pace explains nothing"


def test_the_pace_has_a_median_and_a_tail(runs):
    before, _ = runs(1.0)
    middle, tail = steady_pace(before.timeline)
    assert len(middle) == len(tail) >= 55
    assert all(0.05 < one < other for one, other in zip(middle, tail, strict=True))


def test_a_pace_that_is_not_known_excuses_nothing():
    assert pace_ratios(([], []), ([0.1], [0.2])) == []
    assert pace_ratios(([None, 0.1], [0.2, None]), ([0.2, 0.2], [0.2])) == [2.0, 1.0]
    assert sentence_of([]) == sentence_of([1.04, 0.97]) == ""
