"""The planted defects: nobody alone sees one, whoever meets others does; and the races accuse no sound API."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from api.endpoints import LIST_USERS
from integrity.breaches import (
    AUDITED,
    LOST,
    ONE_BOOKING,
    OWN_ANSWER,
    READ_YOUR_WRITES,
    TOGETHER,
    UNIQUE,
)
from integrity.judgement import BROKEN, KEPT, UNDECIDED
from integrity.sight import all_see_everything
from sandbox.access_rules import AccessRules
from sandbox.faults import parse_fault
from sandbox.mutants import MUTANTS
from tests.contract.racing import ACCOUNTS, Racing

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
    assert broken(Racing(clinic(mutants=[mutant]), **policy), one_by_one=True) == set()
    racing = Racing(clinic(mutants=[mutant]), **policy)
    meeting = racing.judgements(one_by_one=False, times=MOST_TIMES)
    assert any(judgement.state == BROKEN and judgement.invariant == FOUND[mutant] for judgement in meeting)


@pytest.mark.parametrize(
    ("accounts", "sandbox"),
    [
        (ACCOUNTS, {}),
        (ACCOUNTS, {"one_booking": True}),
        (("admin",) * 6, {"access": AccessRules.read()}),
    ],
    ids=["as deployed", "double booking forbidden", "roles kept"],
)
def test_a_sound_api_is_not_accused(
    clinic: Callable[..., FlaskClient], accounts: Sequence[str], sandbox: dict[str, Any]
) -> None:
    racing = Racing(clinic(**sandbox), accounts, double_booking="one_booking" not in sandbox)
    assert broken(racing, one_by_one=False) == set()
    assert racing.lane.unpromised == set()
    assert racing.lane.trail.unpromised == ["PATCH /api/users/{id}/password"]
    assert len(racing.lane.trail.names) == 12


def test_what_is_gone_after_an_interruption_was_lost(clinic: Callable[..., FlaskClient]) -> None:
    """As if a server had come back with the data of a while ago."""
    app = clinic()
    racing = Racing(app)
    assert {judgement.state for judgement in racing.judgements(one_by_one=False)} == {KEPT}
    database = app.application.extensions["cms-database"]
    for table in ("consulta", "cita", "archivo", "acceso_codigo"):
        database.execute(f"DELETE FROM {table} WHERE id > (SELECT MAX(id) - 3 FROM {table})")
    database.execute("UPDATE paciente SET nss = 'x' WHERE id = (SELECT MAX(id) FROM paciente)")
    racing.lane.stage.interrupted = True
    racing.lane.races = [race for race in racing.lane.races if race.name != "identity"]
    racing.lane.hold_one()
    report = racing.lane.outcomes.report()
    assert report.interruptions == 1
    lost = {breach.race for breach in report.breaches if breach.invariant in (LOST, UNIQUE)}
    assert {"booking", "file", "code"} <= lost
    assert any("changed by others" in told for told in report.undecided)


def test_a_refused_token_is_told_from_a_refused_right(clinic: Callable[..., FlaskClient]) -> None:
    """Nobody signs in anew for what a role must not do."""
    stage = Racing(clinic(access=AccessRules.read())).lane.stage
    patient = stage.racers[-1]
    stage.racers = [patient]
    assert stage.ask(LIST_USERS).status == 403
    assert not stage.refused
    stage.racers = [replace(patient, token=lambda: "no token")]
    assert stage.ask(LIST_USERS).status == 403
    assert stage.refused


def test_an_audit_log_that_cannot_be_read_is_told(clinic: Callable[..., FlaskClient]) -> None:
    racing = Racing(clinic(faults=[parse_fault("status=500,route=GET /api/audit")]))
    list(racing.judgements(one_by_one=False, times=1))
    report = racing.lane.outcomes.report()
    assert report.not_judged == ["one audit row for every write: the audit log could not be read"]


@pytest.mark.parametrize(("access", "people"), [(None, 6), (AccessRules.read(), 1)], ids=["as deployed", "roles kept"])
def test_who_sees_everything_may_race(
    clinic: Callable[..., FlaskClient], access: AccessRules | None, people: int
) -> None:
    stage = Racing(clinic(access=access)).lane.stage
    assert all_see_everything(stage, stage.racers[:people])


@pytest.mark.parametrize("racer", [1, 5], ids=["doctor", "patient"])
def test_who_sees_their_own_only_would_take_it_for_lost(clinic: Callable[..., FlaskClient], racer: int) -> None:
    stage = Racing(clinic(access=AccessRules.read())).lane.stage
    assert not all_see_everything(stage, [stage.racers[racer]])
    narrow = AccessRules({route: dict.fromkeys(of, "all") for route, of in AccessRules.read().routes.items()})
    narrow.routes["GET /api/appointments/citas"] |= {"doctor": "own", "patient": "own"}
    stage = Racing(clinic(access=narrow)).lane.stage
    assert not all_see_everything(stage, [stage.racers[racer]])
