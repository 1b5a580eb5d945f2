"""The table of routes: what works, what is broken, and why the rest was not reached."""

import pytest

from reporting.verdict.routes import (
    BROKEN,
    IN_A_ROW,
    NAMED,
    NOT_REACHED,
    UNUSED,
    WORKS,
    KnownOfRoutes,
    Route,
    is_explained,
    reasons_of,
    routes_of,
)

LIST, GET, CREATE, UPDATE = "GET /x", "GET /x/{id}", "POST /x", "PUT /x/{id}"
ALL = (LIST, GET, CREATE, UPDATE)
BOOM = "expected status 200, got 500 (boom)"


def table(counts=None, **known):
    return {route.route: route for route in routes_of(KnownOfRoutes(ALL, **known), counts or {})}


def test_a_route_works_when_it_has_answered_once():
    assert table({LIST: (10, 9)})[LIST] == Route(LIST, WORKS)
    assert table(surveyed={LIST: ""})[LIST] == Route(LIST, WORKS)


def test_what_the_load_says_counts_more_than_the_survey():
    assert table({LIST: (9, 0)}, surveyed={LIST: BOOM})[LIST].state == WORKS
    found = table({LIST: (IN_A_ROW, IN_A_ROW)}, surveyed={LIST: ""}, first_failures={LIST: BOOM})
    assert found[LIST] == Route(LIST, BROKEN, BOOM)
    assert table({LIST: (1, 1)}, surveyed={LIST: ""})[LIST].state == WORKS


@pytest.mark.parametrize(
    ("route", "counts", "known", "why", "explained"),
    [
        (UPDATE, {CREATE: (1, 1)}, {}, "POST /x is broken", True),
        (UPDATE, {}, {}, f"POST /x was not reached: {UNUSED}", False),
        (UPDATE, {}, {"lacking": {CREATE: "no id"}}, "POST /x was not reached: no id", True),
        (UPDATE, {CREATE: (1, 0)}, {}, UNUSED, False),
        (UPDATE, {}, {"read_only": True}, "the run is --read-only", True),
        (GET, {LIST: (1, 0)}, {"empty": ["/x"]}, "GET /x shows nothing", True),
        (GET, {LIST: (1, 1)}, {}, "GET /x is broken", True),
        (CREATE, {}, {}, UNUSED, False),
    ],
)
def test_what_was_not_reached_has_a_reason(route, counts, known, why, explained):
    found = table(counts, **known)[route]
    assert (found.state, found.why) == (NOT_REACHED, why)
    assert is_explained(found) == explained


def test_a_refusal_of_the_set_up_breaks_no_route():
    duplicate = "expected status 201, got 409 (Duplicate entry)"
    found = table({CREATE: (5, 5)}, first_failures={CREATE: duplicate})
    assert found[CREATE] == Route(CREATE, NOT_REACHED, f"it was refused: {duplicate}")
    assert found[UPDATE].why == f"POST /x was not reached: it was refused: {duplicate}"
    assert is_explained(found[UPDATE])


def reasons(counts, **known):
    facts = KnownOfRoutes(ALL, **known)
    return list(reasons_of(routes_of(facts, counts), facts, counts))


def test_a_broken_route_is_named_once_with_its_first_answer():
    assert reasons({LIST: (50, 50)}, first_failures={LIST: BOOM}) == [f"GET /x is broken: {BOOM}"]
    assert reasons({}, surveyed={LIST: BOOM}) == [f"GET /x is broken: {BOOM}"]


@pytest.mark.parametrize(
    ("failures", "answer", "known"),
    [(1, BOOM, {}), (50, "expected status 201, got 409 (Duplicate entry)", {}), (50, "no whole answer within 5 s", {})],
)
def test_bad_luck_and_refusals_break_no_route(failures, answer, known):
    assert reasons({LIST: (failures, failures)}, first_failures={LIST: answer}, **known) == []


def test_many_broken_routes_are_one_reason():
    names = [f"GET /{letter}" for letter in "abcdefgh"]
    facts = KnownOfRoutes(names, surveyed=dict.fromkeys(names, BOOM))
    (reason,) = reasons_of(routes_of(facts, {}), facts, {})
    assert reason.startswith(f"8 routes are broken: {', '.join(names[:NAMED])}, ...")
