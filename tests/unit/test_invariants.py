"""What was acknowledged and what was read, and what each invariant makes of it."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from api.endpoints import (
    CREATE_APPOINTMENT,
    CREATE_FILE,
    CREATE_USER,
    DELETE_APPOINTMENT,
    GET_PATIENT,
    UPDATE_PATIENT,
    WHO_AM_I,
)
from integrity.acts import Act, Ask, Racer
from integrity.audit_invariant import audited
from integrity.invariants import gone, one_booking, own_answer, own_record, there, together, totals, unique
from integrity.judgement import BROKEN, KEPT, UNDECIDED
from integrity.register_invariant import register

ANNA, BEN = (Racer(name, number, str, number) for number, name in ((1, "anna"), (2, "ben")))


def act(endpoint, status, racer=ANNA, sent=0.0, done=1.0, answer=None, body=None, **params):
    found = SimpleNamespace(**answer) if answer is not None else None
    return Act(Ask(racer, endpoint, params, body), sent, done, status, found)


def states(judgements):
    return [judgement.state for judgement in judgements]


def signed_up(*statuses):
    return [act(CREATE_USER, status, answer={"id": number}) for number, status in enumerate(statuses, 1)]


@pytest.mark.parametrize(
    ("statuses", "state", "told"),
    [
        ((201, 409, 409), KEPT, ""),
        ((201, 201, 409), BROKEN, "2 of 3 equal creations were answered 201"),
        ((409, 409), BROKEN, "none of 2 equal creations of something new won"),
        ((201, 400), BROKEN, "a creation of what was there already was answered 400, not 409"),
        ((201, None), UNDECIDED, "not every creation of account was answered"),
        ((201, 500), UNDECIDED, "not every creation of account was answered"),
        ((201, 429), UNDECIDED, "not every creation of account was answered"),
        ((201, 201, None), BROKEN, "2 of 3 equal creations were answered 201"),
    ],
)
def test_of_equal_sign_ups_one_wins(statuses, state, told):
    judgement = unique("account", signed_up(*statuses))
    assert (judgement.state, judgement.what) == (state, told)


def test_what_was_acknowledged_is_there_as_it_was_written():
    start = datetime(2026, 1, 1, 9, tzinfo=UTC)
    body = {"medico_id": 3, "fecha_inicio": "2026-01-01T09:00:00.000Z"}
    made = act(CREATE_APPOINTMENT, 201, answer={"id": 7}, body=body)

    def found(shift=timedelta(0), **row):
        rows = {7: SimpleNamespace(**({"medico_id": 3, "fecha_inicio": start} | row))}
        return states(there("appointment", [made], rows, ("medico_id", "fecha_inicio"), shift))

    assert found() == [KEPT]
    assert found(medico_id=4) == [BROKEN]
    assert found(fecha_inicio=start + timedelta(hours=6)) == [BROKEN]
    assert found(timedelta(hours=6), fecha_inicio=start + timedelta(hours=7)) == [KEPT]
    assert found(None, fecha_inicio=start + timedelta(hours=3)) == [KEPT]
    assert states(there("appointment", [made], {}, (), None)) == [BROKEN]


def put(name, sent, done, status=200):
    return act(UPDATE_PATIENT, status, sent=sent, done=done, id=5), {"nombre": name, "nss": name}


def got(name, sent, done, nss=None):
    return act(GET_PATIENT, 200, sent=sent, done=done, id=5), {"nombre": name, "nss": nss or name}


BEFORE = {"nombre": "old", "nss": "old"}


@pytest.mark.parametrize(
    ("writes", "readings", "state"),
    [
        ([put("a", 0, 1)], [got("a", 2, 3)], KEPT),
        ([put("a", 0, 1)], [got("old", 2, 3)], BROKEN),
        ([put("a", 0, 5)], [got("old", 2, 3)], KEPT),
        ([put("a", 0, 5)], [got("a", 2, 3), got("old", 4, 6)], BROKEN),
        ([put("a", 0, 5)], [got("a", 2, 4), got("old", 3, 6)], KEPT),
        ([put("a", 0, 2), put("b", 1, 3)], [got("a", 4, 5), got("a", 6, 7)], KEPT),
        ([put("a", 0, 2), put("b", 1, 3)], [got("a", 4, 5), got("b", 6, 7)], BROKEN),
        ([put("a", 0, 1), put("b", 2, 3)], [got("a", 4, 5)], BROKEN),
        ([put("a", 0, 1, None)], [got("old", 2, 3), got("a", 4, 5)], KEPT),
        ([put("a", 0, 1, None)], [got("a", 2, 3), got("old", 4, 5)], BROKEN),
        ([put("a", 0, 1, None)], [got("old", 2, 3)], KEPT),
    ],
)
def test_what_is_read_is_what_was_written_last(writes, readings, state):
    _, judgement = register("patient 5", writes, readings, BEFORE)
    assert judgement.state == state


def test_fields_of_two_writers_do_not_stand_side_by_side():
    writes = [put("a", 0, 2), put("b", 1, 3)]
    assert states(register("patient 5", writes, [got("a", 4, 5, nss="b")], BEFORE)) == [BROKEN]
    assert states(register("patient 5", writes, [got("a", 4, 5, nss="foreign")], BEFORE)) == [UNDECIDED]


def test_values_of_long_ago_are_stale():
    (judgement,) = register("patient 5", [put("a", 0, 1)], [got("ancient", 2, 3)], BEFORE, [got("ancient", 0, 0)[1]])
    assert judgement.state == BROKEN
    assert "long ago" in judgement.what


def test_what_was_deleted_is_gone_with_what_belonged_to_it():
    removal = act(DELETE_APPOINTMENT, 200, id=3)
    assert gone("appointment 3", [], [removal]).state == KEPT
    judgement = gone("appointment 3", ["consultation 8"], [removal])
    assert (judgement.state, judgement.records) == (BROKEN, ["appointment 3", "consultation 8"])


@pytest.mark.parametrize(
    ("association", "rows", "state"),
    [
        (4, [(4, 9, 1)], KEPT),
        (4, [(4, 9, None)], KEPT),
        (4, [], BROKEN),
        (None, [], BROKEN),
        (4, [(4, 9, 1), (5, 9, 1)], BROKEN),
        (4, [(4, 8, 1)], BROKEN),
        (4, [(4, 9, 2)], BROKEN),
    ],
)
def test_a_file_has_the_association_that_its_answer_names(association, rows, state):
    body = {"entidad": "PACIENTE", "entidad_id": 9}
    made = act(CREATE_FILE, 201, answer={"id": 3, "association_id": association}, body=body)
    found = [SimpleNamespace(id=id, entidad="PACIENTE", entidad_id=of, autor_id=by) for id, of, by in rows]
    assert together(made, found).state == state


def logged(*authors):
    return [SimpleNamespace(entidad_id=5, usuario_id=author) for author in authors]


@pytest.mark.parametrize(
    ("statuses", "authors", "whole", "state"),
    [
        ((200, 200), (1, 2), True, KEPT),
        ((200, 404), (1,), True, KEPT),
        ((200, 200), (1,), True, BROKEN),
        ((200, 200), (1,), False, UNDECIDED),
        ((200, 200), (1, 1), True, BROKEN),
        ((200, 200), (1, None), True, KEPT),
        ((200, 200), (1, 2, 7), True, UNDECIDED),
        ((200, None), (1, 2), True, KEPT),
        ((200, None), (1,), True, KEPT),
    ],
)
def test_every_write_has_its_audit_row_by_its_writer(statuses, authors, whole, state):
    written = [act(UPDATE_PATIENT, status, racer, id=5) for status, racer in zip(statuses, (ANNA, BEN), strict=True)]
    assert states(audited(written, logged(*authors), whole)) == [state]


def test_a_doctor_has_one_appointment_at_a_time():
    tries = [act(CREATE_APPOINTMENT, status, answer={"id": 1}) for status in (201, 409, None)]
    assert one_booking(tries, [SimpleNamespace(id=1)]).state == KEPT
    assert one_booking(tries, [SimpleNamespace(id=1), SimpleNamespace(id=2)]).state == BROKEN
    assert one_booking([tries[0], tries[0]], []).state == BROKEN


def test_everybody_gets_their_own_answer():
    assert own_answer(act(WHO_AM_I, 200, answer={"id": 1})).state == KEPT
    assert own_answer(act(WHO_AM_I, 200, answer={"id": 2})).what == "the answer for user 1 was that of user 2"
    assert own_answer(act(WHO_AM_I, 503)).state == UNDECIDED
    assert own_record(act(GET_PATIENT, 200, answer={"id": 2}, id=5)).state == BROKEN


@pytest.mark.parametrize(
    ("told", "ids", "state"),
    [((2,), (1, 2), KEPT), ((3,), (1, 2), BROKEN), ((1,), (1, 1), BROKEN), ((2, 3), (1, 2), UNDECIDED)],
)
def test_a_total_is_that_of_the_rows(told, ids, state):
    assert totals("the list", told, [SimpleNamespace(id=id) for id in ids], []).state == state
