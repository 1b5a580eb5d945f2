"""What a process's time and memory went to, and which route waits for something that nobody watches."""

import random
from dataclasses import dataclass, field

import pytest
from msgspec.structs import replace

from reporting.metrics.database import Database, Statement
from reporting.metrics.histogram import Histogram
from reporting.metrics.resources import Resource
from reporting.metrics.timeline import Series, Timeline
from reporting.verdict.lone_route import lone_route, waited_for
from reporting.verdict.process_findings import leak, owner_of, owner_text
from reporting.verdict.ran_out import watched
from tests.unit.test_attribution import ROUTES, SECONDS, clinic, timeline_of

OF_ONE, OF_ANY = 40, 3
"""ms of the thread for each request."""
SLOW, QUICK = ROUTES[7], ROUTES[8]


def served(seed, cost_of_slow):
    """What one thread, never idle, has answered in each second: every third request is for the slow route."""
    rng = random.Random(seed)
    requests, spent = {route: [0] * SECONDS for route in ROUTES}, 0.0
    while True:
        route = SLOW if rng.random() < 0.3 else rng.choice(ROUTES)
        spent += cost_of_slow if route == SLOW else OF_ANY
        if spent >= SECONDS * 1000:
            return requests
        requests[route][int(spent / 1000)] += 1


def used_up(seed, unit="% of a core"):
    rng = random.Random(seed)
    return Resource("CPU of node 4711", unit, 100.0, [(at + 1, rng.uniform(97, 100)) for at in range(SECONDS)])


@pytest.mark.parametrize("seed", range(10))
def test_the_route_that_uses_up_a_thread_is_named_with_what_it_costs(seed):
    owner = owner_of(used_up(seed), timeline_of(served(seed, OF_ONE)))
    assert owner.route == SLOW
    assert owner.per_request == pytest.approx(OF_ONE, rel=0.2)
    assert owner_text(owner).startswith(f"; most of it was of {SLOW} (99 % sure), ")


@pytest.mark.parametrize("seed", range(10))
def test_no_route_is_named_where_all_cost_the_same_or_it_is_no_thread(seed):
    even = timeline_of(served(seed, OF_ANY))
    assert owner_of(used_up(seed), even) is None
    assert owner_text(None) == ""
    assert owner_of(used_up(seed, "%"), timeline_of(served(seed, OF_ONE))) is None
    assert owner_of(used_up(seed), None) is None


def memory(*values):
    return Resource("memory", "MB", 16_000.0, list(enumerate(values)))


def steady(seconds):
    series = Series([100] * seconds, [0] * seconds, [], [], [])
    return Timeline(1, 0, seconds, [9] * seconds, series, {}, {}, {})


def test_memory_that_grows_all_the_time_is_a_leak():
    told = leak([memory(*range(80, 480, 10))], steady(40))
    assert told.sentence == (
        "The memory of the watched process grew all the time, from 90 to 460 MB, about 92.5 KB for each request: "
        "something is kept for ever; at this pace there is none left in 27 minutes"
    )


@pytest.mark.parametrize(
    "values",
    [
        [80 + min(second, 10) * 10 for second in range(40)],
        [80 + second * 0.5 for second in range(40)],
        [2000 + second * 5 for second in range(40)],
        [80, 120, 160],
    ],
    ids=["it warms up", "by little", "by little of it", "too short"],
)
def test_memory_that_levels_off_or_hardly_grows_is_none(values):
    assert leak([memory(*values)], steady(len(values))) is None
    assert leak([], steady(40)) is None


def rows(**ms):
    """By route, `(answers, ms of each)`."""
    return {("admin", "GET", f"/api/{name}"): Histogram([(taken * 1000, n)]) for name, (n, taken) in ms.items()}


DEPENDING = {"policies": (50, 410), "patients": (900, 4), "doctors": (900, 6)}


def test_a_route_that_alone_is_slow_waits_for_something_else():
    told = lone_route(waited_for(rows(**DEPENDING)), {}, is_broken=False)
    assert told.weight > 0.6
    assert told.sentence.startswith("GET /api/policies alone is slow: half of its answers took ")
    assert told.sentence.endswith("it waits for something else, such as another service")


@pytest.mark.parametrize(
    ("routes", "explained"),
    [
        (DEPENDING, {"GET /api/policies": 50 * 300.0}),
        ({**DEPENDING, "patients": (900, 100), "doctors": (900, 120)}, {}),
        ({**DEPENDING, "policies": (50, 60)}, {}),
        ({"policies": (900, 410), "patients": (90, 100)}, {}),
        ({}, {}),
    ],
    ids=["the database took it", "all are slow", "it is hardly slow", "the others are slow, too", "nothing was asked"],
)
def test_a_route_that_is_explained_or_not_alone_waits_for_nothing_else(routes, explained):
    assert lone_route(waited_for(rows(**routes)), explained, is_broken=False) is None


@dataclass
class Run:
    database: Database
    steady_rows: dict = field(default_factory=lambda: rows(r7=(90, 400), r8=(900, 4)))
    resources: tuple = ()
    found_of_resources: tuple = ()
    started: str = "2026-01-01T20:00:00+00:00"
    timeline: Timeline = field(default_factory=lambda: timeline_of(clinic()))


def test_a_route_of_which_the_database_says_why_is_not_said_to_wait_for_something_else():
    counts = clinic()[SLOW]
    looks = [(second + 0.02, 30 * sum(counts[:second])) for second in range(SECONDS)]
    per_row = Statement("a", "SELECT a", 9_000, 900.0, looks=looks)
    database = Database(name="cms", seconds=39, ms=1_000.0, calls=10_000, statements=[per_row])
    (told,) = watched(Run(database), []).sentences
    assert told.startswith(f"`SELECT a` was called 30 times for each {SLOW}")
    (told,) = watched(Run(replace(database, statements=[])), []).sentences
    assert told.startswith(f"{SLOW} alone is slow")
