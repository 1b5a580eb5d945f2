"""The routes: all of them, how they are asked, and what counts as a wrong answer."""

from datetime import UTC, datetime, timedelta

import pytest

from api import endpoints
from api.endpoints import (
    CREATE_USER,
    ENDPOINTS,
    GET_PATIENT,
    HEALTH,
    LIST_APPOINTMENTS,
    LIST_AUDIT_ENTRIES,
    LIST_CONSULTATIONS,
    LIST_POLICIES,
    LIST_USERS,
    SIGN_IN,
    SPECIALTIES,
    UPDATE_ADDRESS,
)
from api.failures import TokenRefused, UnexpectedAnswer

PAGE = b'{"data":[%b],"pagination":{"total":1,"limit":10,"offset":0}}'
APPOINTMENT = (
    b'{"id":1,"fecha_inicio":"2026-11-23T10:00:00.000Z","fecha_fin":null,"estado":"Programada","tipo":null,'
    b'"paciente_id":5,"paciente":"P","medico_id":7,"medico":"D","id_estado_cita":1,"id_tipo_cita":null}'
)


def test_the_api_has_107_distinct_routes():
    assert len({str(endpoint) for endpoint in ENDPOINTS}) == len(ENDPOINTS) == 107


def test_every_catalog_has_five_routes():
    assert [len(list(catalog)) for catalog in endpoints.CATALOGS] == [5] * 8


def test_only_sign_in_and_health_are_open_to_everyone():
    open_routes = {endpoint.path for endpoint in ENDPOINTS if not endpoint.needs_token}
    assert open_routes == {"/api/auth/login", "/health", "/health/database", "/health/api", "/health/system"}


def test_parameters_fill_the_path_first_and_then_the_query():
    assert UPDATE_ADDRESS.target({"patient_id": 3, "id": 9}) == "/api/patients/3/addresses/9"
    assert LIST_USERS.target({"search": "a b&c", "limit": 5}) == "/api/users?search=a%20b%26c&limit=5"


def test_times_are_sent_as_iso_8601():
    monday = datetime(2026, 11, 23, tzinfo=UTC)
    assert LIST_APPOINTMENTS.target({"fecha_desde": monday}).endswith("?fecha_desde=2026-11-23T00%3A00%3A00%2B00%3A00")


def test_a_parameter_that_the_route_does_not_know_is_a_programming_error():
    with pytest.raises(TypeError, match=r"GET /api/insurance/policies takes no parameter paciente_id"):
        LIST_POLICIES.target({"paciente_id": 1})


def test_a_right_answer_becomes_a_struct():
    page = LIST_APPOINTMENTS.read(200, PAGE % APPOINTMENT, {"medico_id": 7, "paciente_id": 5})
    assert page.data[0].fecha_inicio == datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "asked",
    [
        {"medico_id": 8},
        {"paciente_id": 6},
        {"id_estado_cita": 2},
        {"fecha_desde": datetime(2026, 11, 24, tzinfo=UTC)},
        {"fecha_hasta": datetime(2026, 11, 23, tzinfo=UTC)},
        {"limit": 0},
    ],
)
def test_rows_that_were_not_asked_for_are_a_failure(asked):
    with pytest.raises(UnexpectedAnswer, match=f"expected only what {next(iter(asked))} asked for"):
        LIST_APPOINTMENTS.read(200, PAGE % APPOINTMENT, asked)


def test_a_search_whose_rows_do_not_match_is_a_failure():
    entry = PAGE % b'{"id":1,"nombre":"Cardiolog\xc3\xada"}'
    assert SPECIALTIES.list_entries.read(200, entry, {"search": "CARDIO"}).data
    with pytest.raises(UnexpectedAnswer, match="search"):
        SPECIALTIES.list_entries.read(200, entry, {"search": "neuro"})


def test_another_record_than_the_one_asked_for_is_a_failure():
    entry = b'{"id":1,"nombre":"x"}'
    assert SPECIALTIES.get_entry.read(200, entry, {"id": 1}).nombre == "x"
    with pytest.raises(UnexpectedAnswer, match="id"):
        SPECIALTIES.get_entry.read(200, entry, {"id": 2})


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b'{"id":1}', "missing required field `nombre`"),
        (b'{"id":"1","nombre":"x"}', "Expected `int`, got `str`"),
        (b"<html>", "expected JSON, got something else"),
        (b"", "expected JSON, got something else"),
        (b'{"id":1,"nombre":"\xff"}', "expected JSON, got something else"),
        (b'\xef\xbb\xbf{"id":1,"nombre":"x"}', "expected JSON, got something else"),
        (b'{"id":1,"nombre":"x","y":NaN}', "expected JSON, got something else"),
        (b'{"id":1,"nombre":"x"}\x00', "expected JSON, got something else"),
        (b'{"id":1,"nombre":"x","y":' + b"[" * 100_000, "got one that is nested too deep"),
    ],
)
def test_a_wrong_shape_is_a_failure_that_says_what_came(body, message):
    with pytest.raises(UnexpectedAnswer, match=message):
        SPECIALTIES.get_entry.read(200, body, {})


def test_a_wrong_status_says_expected_and_got_and_the_apis_own_word():
    with pytest.raises(UnexpectedAnswer) as failure:
        GET_PATIENT.read(404, b'{"error":"Patient not found"}', {"id": 1})
    assert str(failure.value) == "expected status 200, got 404 (Patient not found)"


def test_a_refusal_nested_without_end_is_told_by_its_status():
    with pytest.raises(UnexpectedAnswer) as failure:
        GET_PATIENT.read(503, b'{"x":' + b"[" * 100_000, {"id": 1})
    assert str(failure.value) == "expected status 200, got 503"


def test_of_a_key_that_comes_twice_the_last_one_counts_as_in_javascript():
    assert SPECIALTIES.get_entry.read(200, b'{"id":2,"id":1,"nombre":"x"}', {"id": 1}).id == 1


def test_another_success_than_the_promised_one_is_a_failure():
    with pytest.raises(UnexpectedAnswer, match="expected status 201, got 200"):
        CREATE_USER.read(200, b'{"id":1}', {})


@pytest.mark.parametrize(
    ("status", "error"), [(401, "Access token required"), (401, "?"), (403, "Invalid or expired token")]
)
def test_a_refused_token_is_told_from_other_refusals(status, error):
    body = f'{{"error":"{error}"}}'.encode()
    with pytest.raises(TokenRefused):
        GET_PATIENT.read(status, body, {})
    for route in (SIGN_IN, HEALTH):
        with pytest.raises(UnexpectedAnswer) as failure:
            route.read(status, body, {})
        assert not isinstance(failure.value, TokenRefused)


def test_a_forbidden_route_is_no_refused_token():
    with pytest.raises(UnexpectedAnswer) as failure:
        GET_PATIENT.read(403, b'{"error":"Access denied"}', {})
    assert not isinstance(failure.value, TokenRefused)


AUDITED = (
    b'{"data":[{"id":1,"usuario_id":1,"username":"x","accion":"CREATE","entidad":"DIRECCION_PACIENTE",'
    b'"entidad_id":1,"fecha_hora":"2026-11-24T10:00:00.000Z","detalle":null}],'
    b'"pagination":{"total":1,"limit":10,"offset":0}}'
)


def test_the_filters_of_the_audit_log_are_looked_for_anywhere_in_the_text():
    assert LIST_AUDIT_ENTRIES.read(200, AUDITED, {"entidad": "PACIENTE", "accion": "creat"}).data
    with pytest.raises(UnexpectedAnswer, match="only what entidad asked for"):
        LIST_AUDIT_ENTRIES.read(200, AUDITED, {"entidad": "MEDICO"})


@pytest.mark.parametrize(
    ("shift", "hour", "passes"),
    [
        (0, 10, True),
        (0, 11, False),
        (-360, 16, True),
        (360, 4, True),
        (360, 5, True),
        (360, 6, False),
        (None, 23, True),
    ],
)
def test_a_time_is_checked_by_what_the_server_makes_of_it(shift, hour, passes):
    """The entry reads 10:00; in a zone with a shift, an hour of summer time is no failure."""
    asked = {"fecha_desde": datetime(2026, 11, 24, hour, tzinfo=UTC)}
    time_shift = None if shift is None else timedelta(minutes=shift)
    if passes:
        assert LIST_AUDIT_ENTRIES.read(200, AUDITED, asked, time_shift)
    else:
        with pytest.raises(UnexpectedAnswer):
            LIST_AUDIT_ENTRIES.read(200, AUDITED, asked, time_shift)


@pytest.mark.parametrize("time", ["null", '"2026-11-24T10:00:00"'])
def test_no_time_makes_a_check_raise(time):
    row = b'{"data":[{"id":1,"cita_id":1,"fecha_hora":%s,"narrativa":null,"mecanismo":null,"diagnostico_final":null,'
    row += b'"id_episodio":null,"id_estado_consulta":null,"mongo_consulta_id":null,"id_paciente":1,"id_medico":1,'
    row += b'"estado_consulta":null,"paciente":"x","medico":"y"}],"pagination":{"total":1,"limit":10,"offset":0}}'
    asked = {"fecha_desde": datetime(2026, 11, 25, tzinfo=UTC)}
    with pytest.raises(UnexpectedAnswer, match="only what fecha_desde asked for"):
        LIST_CONSULTATIONS.read(200, row % time.encode(), asked)
