"""Noise: what differs by chance and what does not, and that many comparisons find nothing by chance."""

import math
import random
from itertools import combinations
from math import comb

import pytest

from reporting.verdict.significance import beyond_noise, mann_whitney, p_value

LEVEL = 0.05


def unevenness(here, there):
    return abs(sum((a > b) + (a == b) / 2 for a in here for b in there) - len(here) * len(there) / 2)


def test_equal_scatter_looks_different_no_more_often_than_p_says_and_a_shift_almost_always():
    alarms = found = 0
    for seed in range(200):
        rng = random.Random(seed)
        here, there = ([rng.gauss(100, 10) for _ in range(60)] for _ in range(2))
        alarms += p_value(here, there) < LEVEL
        found += p_value(here, [value + 10 for value in there]) < 0.001
    assert 0 < alarms <= 200 * LEVEL
    assert found >= 160


def test_the_rank_test_agrees_with_shuffling():
    """Values with ties; of all ways to deal them to two sides, so many are as uneven as this one."""
    a = [1, 2, 2, 3, 4, 5, 5, 6, 7, 8]
    b = [2, 3, 4, 5, 6, 6, 7, 8, 9, 10]
    rng, pool, uneven = random.Random(0), [*a, *b], 0
    for _ in range(10_000):
        rng.shuffle(pool)
        uneven += unevenness(pool[:10], pool[10:]) >= unevenness(a, b)
    assert mann_whitney(a, b) == pytest.approx(uneven / 10_000, abs=0.02)
    assert mann_whitney(a, b) == pytest.approx(mann_whitney(b, a))
    assert p_value([5] * 10, [5] * 10) == 1.0


def test_many_ties_are_taken_into_account():
    """Of 200 answers 20 were slow before and 40 now. The exact p counts how the 60 slow ones may fall to the sides."""
    before, after = [1] * 180 + [2] * 20, [1] * 160 + [2] * 40
    exact = 2 * sum(comb(60, slow) * comb(340, 200 - slow) for slow in range(21)) / comb(400, 200)
    assert mann_whitney(before, after) == pytest.approx(exact, abs=0.004)


def test_with_few_values_no_difference_looks_surer_than_it_is():
    """The exact p counts all ways to deal sixteen values to two sides."""
    before, after = list(range(8)), list(range(3, 11))
    pool = sorted(before + after)
    ranks = [pool.index(value) + (pool.count(value) + 1) / 2 for value in before + after]
    middle = sum(ranks) / 2
    distance = abs(sum(ranks[:8]) - middle)
    exact = sum(abs(sum(side) - middle) >= distance for side in combinations(ranks, 8)) / comb(16, 8)
    assert exact <= mann_whitney(before, after) < exact + 0.01
    assert p_value(before, after) >= exact


def test_sides_of_unequal_length_are_held_against_each_other():
    mixed = [5, 2, 8, 0, 9, 3, 7, 1, 6, 4]
    assert p_value(mixed, mixed * 3) > 0.9
    assert p_value([value + 5 for value in mixed], mixed * 3) < 0.01


@pytest.mark.parametrize("rho", [0.5, 0.9])
def test_slow_spells_look_different_no_more_often_than_p_says(rho):
    """Each second is like the one before; taken as independent, such series differ in most pairs of equal runs."""
    naive = careful = 0
    for seed in range(200):
        rng = random.Random(seed)
        here, there = (wavering(rng, rho, 120) for _ in range(2))
        naive += mann_whitney(here, there) < 0.01
        careful += p_value(here, there) < 0.01
    assert naive > 200 * 0.05
    assert careful <= 200 * 0.02


def wavering(rng, rho, seconds):
    level, series = rng.gauss(0, 1), []
    for _ in range(seconds):
        level = rho * level + (1 - rho * rho) ** 0.5 * rng.gauss(0, 1)
        series.append(20 * math.exp(0.3 * level))
    return series


@pytest.mark.parametrize("rho", [0.5, 0.9])
def test_a_time_that_has_grown_forty_times_is_seen_in_half_a_minute(rho):
    """By ranks alone, of two series that do not even touch, seven of ten looked alike at 0.5, and nine at 0.9."""
    rng, found = random.Random(3), 0
    for _ in range(100):
        before, after = (wavering(rng, rho, 10) for _ in range(2))
        found += p_value(before, [40 * value for value in after]) < 0.01 / 3
    assert found >= 60


def test_a_moderate_change_is_seen_behind_a_few_seconds_that_are_far_out():
    """By logarithms alone it was seen in half of such pairs."""
    rng, found = random.Random(3), 0
    for _ in range(100):
        before, after = ([value * rng.choice([1] * 24 + [20]) for value in wavering(rng, 0, 60)] for _ in range(2))
        found += p_value(before, [1.5 * value for value in after]) < 0.01
    assert found >= 80


def test_few_values_say_nothing():
    assert p_value([1] * 7, [9] * 100) is None


def test_many_comparisons_do_not_find_a_difference_by_chance():
    assert beyond_noise([0.009, *[0.5] * 99]) == [False] * 100
    assert beyond_noise([0.00005, None, 0.00009, *[0.5] * 98])[:3] == [True, False, True]


def test_false_alarms_are_rare():
    rng = random.Random(5)
    alarms = 0
    for _ in range(200):
        here, there = ([[rng.lognormvariate(3, 1) for _ in range(30)] for _ in range(20)] for _ in range(2))
        alarms += any(beyond_noise([p_value(a, b) for a, b in zip(here, there, strict=True)]))
    assert alarms <= 8


def test_a_difference_is_held_against_those_that_are_left():
    """Holm: the second of two p needs only what a single one would; but the first that fails ends it for all."""
    assert beyond_noise([0.0001, 0.006]) == [True, True]
    assert beyond_noise([0.006, 0.009]) == [False, False]
