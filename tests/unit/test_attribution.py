"""Which route a statement belongs to: found from its calls over time, and not told when it cannot be."""

import random

import pytest

from reporting.metrics.timeline import Series, Timeline
from reporting.verdict.attribution import EVERY_ROUTE, Spells

SECONDS = 40
ROUTES = [f"GET /api/r{number}" for number in range(30)]


def timeline_of(requests):
    """From requests of each route in each second; all of it is the steady state."""
    series = {route: Series(counts, [], [], [], []) for route, counts in requests.items()}
    times = [20.0] * SECONDS
    return Timeline(1, 0, SECONDS, [9] * SECONDS, Series([9] * SECONDS, [], times, times, times), {}, {}, series)


def clinic(seed=5):
    rng = random.Random(seed)
    return {route: [rng.randint(0, 5) for _ in range(SECONDS)] for route in ROUTES}


def owners(requests, calls):
    """`calls` in each second; the database is looked at shortly after each."""
    looks = [(second + 0.02, sum(calls[:second])) for second in range(SECONDS)]
    spells = Spells(timeline_of(requests), [at for at, _ in looks])
    assert spells.enough
    return spells.explained_by.belongs_to(spells.calls(looks))


@pytest.mark.parametrize("seed", range(20))
def test_the_route_is_found_among_thirty_with_its_calls_per_request(seed):
    requests = clinic(seed)
    rng = random.Random(seed)
    (found,) = owners(requests, [3 * count + rng.choice([0, 0, 0, 1]) for count in requests[ROUTES[7]]])[:1]
    assert found.route == ROUTES[7]
    assert found.per_request == pytest.approx(3, abs=0.3)
    assert found.share > 0.8
    assert found.sure > 0.99


def test_what_every_request_does_is_of_every_route():
    requests = clinic()
    (found,) = owners(requests, [2 * sum(counts) for counts in zip(*requests.values(), strict=True)])
    assert (found.route, round(found.per_request, 1)) == (EVERY_ROUTE, 2.0)


def test_a_statement_of_two_routes_has_both():
    requests = clinic()
    first, second = ROUTES[3], ROUTES[21]
    calls = [5 * a + 2 * b for a, b in zip(requests[first], requests[second], strict=True)]
    assert [(one.route, round(one.per_request)) for one in owners(requests, calls)] == [(first, 5), (second, 2)]


def test_two_routes_that_always_come_together_cannot_be_told_apart():
    requests = clinic()
    requests[ROUTES[4]] = requests[ROUTES[3]]
    (found,) = owners(requests, requests[ROUTES[3]])
    assert found.sure == pytest.approx(0.5, abs=0.01)
    assert {found.route, found.perhaps} == {ROUTES[3], ROUTES[4]}


def test_a_job_that_has_nothing_to_do_with_requests_has_no_route():
    assert owners(clinic(), [4] * SECONDS) == []
    assert owners(clinic(), [200 if second % 10 == 3 else 0 for second in range(SECONDS)]) == []


def test_a_run_that_is_too_short_names_no_route():
    looks = [second + 0.02 for second in range(10)]
    assert not Spells(timeline_of(clinic()), looks).enough
