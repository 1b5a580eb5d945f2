"""The planted defects: nobody alone sees one, whoever meets others does; and the races accuse no sound API."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from integrity.breaches import (
    AUDITED,
    LOST,
    ONE_BOOKING,
    OWN_ANSWER,
    READ_YOUR_WRITES,
    TOGETHER,
    UNIQUE,
)
from integrity.invariants import BROKEN, KEPT, UNDECIDED
from sandbox.mutants import MUTANTS
from tests.contract.racing import Racing

FOUND = {
    "lost-update": LOST,
    "double-booking": ONE_BOOKING,
    "stale-read": READ_YOUR_WRITES,
    "half-a-write": TOGETHER,
    "duplicate": UNIQUE,
    "not-stored": LOST,
    "audit-gap": AUDITED,
    "anothers-answer": OWN_ANSWER,
}


MOST_TIMES = 20
"""One of them is enough; how greenlets meet is not the same every time."""


def broken(racing: Racing, *, one_by_one: bool) -> set[str]:
    found = list(racing.judgements(one_by_one=one_by_one))
    assert sum(judgement.state == KEPT for judgement in found) > 20
    assert [judgement for judgement in found if judgement.state == UNDECIDED] == []
    return {judgement.invariant for judgement in found if judgement.state == BROKEN}


def test_all_eight_are_there() -> None:
    assert MUTANTS.keys() == FOUND.keys()


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_mutant_is_seen_by_those_who_meet_and_by_nobody_else(clinic: Callable[..., FlaskClient], mutant: str) -> None:
    policy = {"double_booking": mutant != "double-booking"}
    assert broken(Racing(clinic(mutant=mutant), **policy), one_by_one=True) == set()
    racing = Racing(clinic(mutant=mutant), **policy)
    meeting = racing.judgements(one_by_one=False, times=MOST_TIMES)
    assert any(judgement.state == BROKEN and judgement.invariant == FOUND[mutant] for judgement in meeting)


@pytest.mark.parametrize("forbidden", [False, True])
def test_a_sound_api_is_not_accused(clinic: Callable[..., FlaskClient], forbidden: bool) -> None:
    racing = Racing(clinic(one_booking=forbidden), double_booking=not forbidden)
    assert broken(racing, one_by_one=False) == set()
    assert racing.lane.unpromised == set()
    assert racing.lane.trail.unpromised == ["PATCH /api/users/{id}/password"]
