"""Faults on demand: what each does, where and when, and how a bad specification is refused."""

import time
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from gevent.pywsgi import WSGIServer

from sandbox.faults import Fault, FaultError, parse_fault
from sandbox.outages import plan_outages
from tests.contract.people import Person, sign_in

Broken = Callable[..., Person]


@pytest.fixture
def broken(clinic: Callable[..., FlaskClient]) -> Broken:
    """An administrator at a clinic with the given faults."""

    def sign_in_at(*specs: str, clock: Callable[[], float] = time.monotonic) -> Person:
        return sign_in(clinic(faults=[parse_fault(spec) for spec in specs], clock=clock), "admin")

    return sign_in_at


def test_status_answers_in_the_apis_place(broken: Broken) -> None:
    reply = broken("status=503").get("/api/doctors")
    assert (reply.status, reply.json) == (503, {"error": "Injected fault"})


def test_refuse_token_looks_like_an_expired_one(broken: Broken) -> None:
    reply = broken("refuse-token=1").get("/api/doctors")
    assert (reply.status, reply.json) == (403, {"error": "Invalid or expired token"})


def test_delay_answers_late(broken: Broken) -> None:
    person = broken("delay=50")
    started = time.perf_counter()
    assert person.get("/api/doctors").status == 200
    assert time.perf_counter() - started >= 0.05


def test_what_grows_is_later_with_each_second_and_what_hangs_answers_when_it_is_over(
    broken: Broken, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, waits = [0.0], list[float]()
    person = broken("grow=100,after=10", "hang=1,after=60,for=5", clock=lambda: now[0])
    monkeypatch.setattr("sandbox.faults.gevent.sleep", waits.append)
    for now[0] in (5.0, 12.0, 20.0, 61.0):
        assert person.get("/api/doctors").status == 200
    assert waits == pytest.approx([0.2, 1.0, 5.1, 4.0])


def test_outages_begin_at_their_time_and_last_as_long_as_they_are_given(monkeypatch: pytest.MonkeyPatch) -> None:
    planned = list[tuple[float, float]]()
    monkeypatch.setattr("sandbox.outages.gevent.spawn_later", lambda at, _, *given: planned.append((at, given[-1])))
    plan_outages(WSGIServer(("127.0.0.1", 0)), map(parse_fault, ("away=1,after=3,for=2", "freeze=1,after=9,for=4")))
    plan_outages(WSGIServer(("127.0.0.1", 0)), [parse_fault("status=503")])
    assert not any(parse_fault(f"{action}=1").concerns("GET /api/doctors") for action in ("away", "freeze"))
    assert planned == [(3.0, 2.0), (9.0, 4.0)]


def test_shape_takes_a_key_away(broken: Broken) -> None:
    person = broken("shape=1")
    assert "id" not in person.get("/api/doctors").json["data"][0]
    assert "id" not in person.get("/api/doctors/1").json
    assert person.get("/api/doctors?search=nobody").json["data"] == {}
    assert person.get("/api/doctors/999999").json == {"error": "Doctor not found"}


def test_owner_gives_the_rows_to_somebody_else(broken: Broken) -> None:
    rows = broken("owner=1").get("/api/appointments/citas?paciente_id=7").json["data"]
    assert {row["paciente_id"] for row in rows} == {8}


def test_a_fault_keeps_to_its_route(broken: Broken) -> None:
    person = broken("status=500,route=GET /api/patients/{id}")
    assert person.get("/api/patients/1").status == 500
    assert person.get("/api/patients").status == 200
    assert person.put("/api/patients/1", nombre="n").status == 200


def test_login_and_health_are_spared_unless_named(broken: Broken) -> None:
    assert broken("status=503").get("/health").status == 200
    with pytest.raises(AssertionError, match="503"):
        broken("status=503,route=POST /api/auth/login")


def test_a_share_fails_the_same_requests_every_time(broken: Broken) -> None:
    def outcomes(person: Person) -> list[int]:
        return [person.get("/api/auth/me").status for _ in range(100)]

    first = outcomes(broken("status=503,share=0.3"))
    assert first == outcomes(broken("status=503,share=0.3"))
    assert 15 < first.count(503) < 45


def test_a_fault_keeps_to_its_time(broken: Broken) -> None:
    now = [0.0]
    person = broken("status=503,after=10,for=5", clock=lambda: now[0])
    for moment, status in ((9.9, 200), (10.0, 503), (14.9, 503), (15.0, 200)):
        now[0] = moment
        assert person.get("/api/auth/me").status == status, moment


def test_latency_is_added_to_every_answer(clinic: Callable[..., FlaskClient]) -> None:
    anyone = Person(clinic(latency=30))
    for path in ("/health", "/api/doctors", "/api/nope"):
        started = time.perf_counter()
        anyone.get(path)
        assert time.perf_counter() - started >= 0.03


def test_a_specification_is_read_whole() -> None:
    fault = parse_fault("status=502, share=0.25, route=GET /api/users/{id}, after=1.5, for=2")
    assert fault == Fault("status", 502, 0.25, "GET /api/users/{id}", 1.5, 3.5)


@pytest.mark.parametrize(
    ("spec", "named"),
    [
        ("stauts=503", "'stauts'; allowed are status, delay, grow, hang, drop, shape, refuse-token"),
        ("status", "'status'"),
        ("share=0.5", "exactly one of status, delay, grow, hang, drop, shape, refuse-token, owner"),
        ("away=1,share=0.5", "away concerns the whole server"),
        ("freeze=1,route=GET /health", "freeze concerns the whole server"),
        ("status=503,delay=5", "exactly one of"),
        ("status=200", "'status': expected a whole number from 400 to 599, got '200'"),
        ("drop=yes", "'drop': expected 1, got 'yes'"),
        ("delay=fast", "'delay'"),
        ("drop=1,share=2", "'share': expected a number from 0 up to 1, got '2'"),
        ("drop=1,after=soon", "'after': expected a number from 0, got 'soon'"),
        ("drop=1,drop=1", "'drop' is given twice"),
        ("drop=1,share=nan", "'share'"),
    ],
)
def test_a_bad_specification_is_named(spec: str, named: str) -> None:
    with pytest.raises(FaultError) as refused:
        parse_fault(spec)
    assert named in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_route_that_does_not_exist_is_refused(clinic: Callable[..., FlaskClient]) -> None:
    with pytest.raises(FaultError, match=r"GET /api/patient/\{id\}"):
        clinic(faults=[parse_fault("drop=1,route=GET /api/patient/{id}")])
