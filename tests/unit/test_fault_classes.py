"""Whose fault a failure is: by the text that it has in every process and file."""

import pytest

from api.failures import ClosedUnanswered, CutOff, NotChecked, TaskDefect
from api.fault_classes import API, SET_UP, SUITE, fault_of, is_broken


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('expected status 200, got 500 (relation "x" does not exist)', API),
        ("expected status 200, got 503", API),
        ("expected the agreed shape, got: Object missing required field `id`", API),
        ("expected only what medico_id asked for, got something else", API),
        (str(CutOff()), API),
        (str(ClosedUnanswered()), API),
        ("expected status 200, got 409 (Injected fault)", API),
        ("expected status 201, got 409 (Duplicate entry)", SET_UP),
        ("expected status 200, got 401 (Invalid credentials)", SET_UP),
        ("expected status 200, got 403 (Forbidden)", SET_UP),
        ("expected status 200, got 429", SET_UP),
        ("expected a patient record of the account's own, got none", SET_UP),
        ("expected a token for Paciente, got one for Médico", SET_UP),
        ("could not connect: certificate verify failed", SET_UP),
        ("expected status 201, got 400 (Foreign key constraint violation)", SUITE),
        ("expected status 200, got 404 (Patient not found)", SUITE),
        ("expected status 200, got 400 (further failures of other kinds)", SUITE),
        ("expected status 201, got 500 (value too long for type character varying(10))", SUITE),
        ('expected status 200, got 500 (invalid input syntax for type integer: "x")', SUITE),
        (str(NotChecked(TypeError())), SUITE),
        (str(TaskDefect("KeyError: 1")), SUITE),
        ("whatever a task of one's own has said", API),
    ],
)
def test_each_failure_is_somebodys(text, fault):
    assert fault_of(text) == fault


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("expected status 200, got 500 (boom)", True),
        ("expected status 200, got 404 (Endpoint not found)", True),
        ("expected status 201, got 409 (Duplicate entry)", False),
        ("expected status 200, got 403 (Forbidden)", False),
        ("expected the agreed shape, got: nothing", False),
    ],
)
def test_a_route_is_broken_by_what_it_answers(text, broken):
    assert is_broken(text) == broken
