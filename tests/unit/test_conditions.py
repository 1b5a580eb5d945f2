"""Conditions: what two runs hardly know of themselves is no change, unless it towers above what they know."""

import math
import random

import pytest

from reporting.metrics.timeline import Pace, Series, Timeline
from reporting.verdict.conditions import HARDLY_KNOWN, Conditions
from reporting.verdict.dependence import correlation_of_neighbours, is_hardly_known
from reporting.verdict.significance import towers


def wavering(rho, seconds, seed=1, level=50.0, spread=0.3):
    """A series whose logarithm is a first-order autoregression."""
    rng, at, found = random.Random(seed), 0.0, []
    for _ in range(seconds):
        at = rho * at + math.sqrt(1 - rho * rho) * rng.gauss(0, 1)
        found.append(level * math.exp(spread * at))
    return found


def run(p50, pace=None):
    series = Series([10] * len(p50), [0] * len(p50), p50, p50, p50)
    return Timeline(1, 0, len(p50), [1] * len(p50), series, {}, {}, {}, pace=pace or Pace())


def conditions(rho, seconds):
    return Conditions.of(run(wavering(rho, seconds, 1)), run(wavering(rho, seconds, 2)))


@pytest.mark.parametrize(
    ("rho", "seconds", "hardly"), [(0.95, 60, True), (0.95, 1200, False), (0.3, 60, False), (0.0, 20, False)]
)
def test_few_long_spells_are_hardly_known(rho, seconds, hardly):
    found = conditions(rho, seconds)
    assert found.hardly_known == hardly
    assert (HARDLY_KNOWN in found.cautions) == hardly


def test_one_run_that_is_known_is_enough():
    """Or else an API that became slower and slower would be excused by its own course."""
    even, rising = wavering(0.0, 60), [50 + 10 * at for at in range(60)]
    assert is_hardly_known(rising)
    assert not Conditions.of(run(even), run(rising)).hardly_known


def test_short_runs_are_known_where_neighbours_are_not_evidently_alike():
    """With twenty seconds, chance alone makes neighbours look alike a little."""
    runs = [wavering(0.0, 20, seed) for seed in range(200)]
    alike = [run for run in runs if 0.2 < correlation_of_neighbours(run) < 0.45]
    assert len(alike) >= 20
    assert not any(map(is_hardly_known, alike))


def test_a_second_that_is_far_out_does_not_hide_how_alike_the_others_are():
    far_out = [wavering(0.95, 60, seed) for seed in (1, 2)]
    for series in far_out:
        series[30] = 5000.0
    assert Conditions.of(*map(run, far_out)).hardly_known


def test_towering_is_above_the_run_that_wavers_more():
    even, wild = [50.0] * 60, [50.0, 5000.0] * 30
    assert not towers(even, wild)
    assert not towers(wild, even)


def test_what_is_hardly_known_must_tower():
    before, after = wavering(0.95, 60, 1), [1.5 * value for value in wavering(0.95, 60, 2)]
    assert not towers(before, after)
    assert Conditions([], True).p(before, after, "p50") == 1.0
    far = [40 * value for value in after]
    assert towers(before, far)
    assert Conditions([], True).p(before, far, "p50") == Conditions([], False).p(before, far, "p50") < 0.05


def test_too_few_values_stay_unknown():
    assert Conditions([], True).p([1.0] * 5, [9.0] * 60, "p50") is None


def test_neighbours_are_as_alike_as_they_were_made():
    assert correlation_of_neighbours(wavering(0.7, 5000, spread=0.01)) == pytest.approx(0.7, abs=0.05)
    assert correlation_of_neighbours([5.0] * 60) == 0.0
    assert correlation_of_neighbours([1.0, 2.0]) == 0.0
