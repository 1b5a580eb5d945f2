"""The Universal Scalability Law: from data of known parameters, the parameters; from too little, nothing."""

import random

import pytest

from reporting.verdict.scalability import rate_at, scalability

LOADS = (25, 50, 100, 200, 400, 300, 350)


def measured(law, loads=LOADS, noise=0.0, seed=1):
    rng = random.Random(seed)
    return [(users, rate_at(users, law) * (1 + rng.gauss(0, noise))) for users in loads]


@pytest.mark.parametrize("rate_of_one", [0.5, 20.0])
@pytest.mark.parametrize("contention", [0.001, 0.03, 0.2])
@pytest.mark.parametrize("coherency", [1e-5, 5e-5, 2e-4])
def test_known_parameters_are_found(rate_of_one, contention, coherency):
    found = scalability(measured((rate_of_one, contention, coherency)))
    assert found.rate_of_one == pytest.approx(rate_of_one, rel=1e-4)
    assert found.contention == pytest.approx(contention, rel=1e-3)
    assert found.coherency == pytest.approx(coherency, rel=1e-3)


def test_the_knee_is_where_the_rate_is_highest():
    law = (1.0, 0.02, 1e-5)
    found = scalability(measured(law))
    assert rate_at(found.knee, law) == pytest.approx(max(rate_at(users, law) for users in range(1, 1000)), rel=1e-6)


@pytest.mark.parametrize(
    ("law", "limited_by"),
    [((1, 0.01, 0), "contention"), ((1, 0, 1e-5), "coherency"), ((1, 1e-5, 0), ""), ((1, 0, 0), "")],
)
def test_it_says_what_limits_and_what_does_not(law, limited_by):
    found = scalability(measured(law, noise=0.01))
    assert found.limited_by == limited_by
    assert found.contention >= 0
    assert found.coherency >= 0


@pytest.mark.parametrize(
    "points",
    [
        [(25, 24.8), (50, 38.4), (44, 38.37), (43, 38.17)],
        [(25, 24.27), (50, 48.73), (100, 96.97), (200, 145.03), (165, 145.37), (173, 142.8)],
    ],
)
def test_a_rate_that_only_levels_off_is_not_said_to_fall(points):
    """As measured of servers that can do 40 requests a second and 150, and no more."""
    found = scalability(points)
    assert (found.limited_by, found.coherency, found.knee) == ("contention", 0, None)


def test_a_rate_that_grows_faster_than_the_users_is_no_limit():
    found = scalability([(users, users**1.1) for users in LOADS])
    assert (found.contention, found.coherency, found.limited_by, found.knee) == (0, 0, "", None)


def test_the_band_holds_the_true_curve_as_often_as_it_says():
    law = (1.0, 0.01, 2e-5)
    held = 0
    for seed in range(200):
        point = scalability(measured(law, noise=0.03, seed=seed)).curve[20]
        held += point.low <= rate_at(point.users, law) <= point.high
    assert held >= 0.9 * 200


@pytest.mark.parametrize(
    "points",
    [
        [],
        [(25, 20.0), (50, 40.0), (100, 70.0)],
        [(25, 20.0), (50, 40.0), (100, 70.0), (100, 71.0)],
        [(25, 20.0), (50, 40.0), (100, 70.0), (200, 0.0)],
    ],
)
def test_of_too_few_loads_it_says_nothing(points):
    assert scalability(points) is None
