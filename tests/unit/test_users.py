"""The person behind every role: finds its own record, stops when it is told to, and leaves nothing behind."""

from locust.exception import StopUser
from locust.user.task import LOCUST_STATE_RUNNING, LOCUST_STATE_STOPPING, LOCUST_STATE_WAITING

from contextlib import closing
from dataclasses import replace
from types import SimpleNamespace

import gevent
import pytest

from api.endpoints import DELETE_USER
from api.failures import NoAnswer, UnexpectedAnswer
from api.schemas import Page, Pagination
from api.transport.server import Limits, Server
from records.marks import Mark
from tasks.patient import PatientTasks
from tests.scripted_server import ScriptedServer, ok
from users.accounts import Account, AccountPool
from users.cms_user import FORGOTTEN_AFTER_SECONDS, MAX_RETRY_AFTER_SECONDS, RECORDS_PER_PAGE
from users.patient import PatientUser
from users.run_context import RunContext, RunSettings
from users.unreported import unreported_user

ANA = Account("ana", "x", "patient")


def ana(pool=None, url="http://127.0.0.1:9", limits=Limits()):  # noqa: B008 - it is frozen
    """A patient who has not signed in."""
    names = {"patient": ("Paciente",)}
    settings = RunSettings(Server(url), limits, names, think_time=(1, 3), seed="1", mark=Mark("x"))
    person = unreported_user(PatientUser, ANA, settings)
    person.run_context = RunContext()
    person.run_context.accounts = pool
    return person


def whose_records(*users):
    """A client whose list of patients are the records of these users."""

    def call(listing, accept, search, limit, offset):
        rows = [SimpleNamespace(id=user * 10, usuario_id=user) for user in users[offset : offset + limit]]
        return accept(Page(rows, Pagination(total=len(users), limit=limit, offset=offset)))

    return SimpleNamespace(call=call)


@pytest.fixture
def patient():
    person = ana()
    person.session = SimpleNamespace(username="ana", user_id=7, renew=lambda: None)
    return person


def test_the_own_record_is_found_on_a_later_page_too(patient):
    patient.client = whose_records(*[1] * RECORDS_PER_PAGE, 7)
    patient.settle_in()
    assert patient.own_id == 70


def test_a_patient_without_a_record_of_its_own_is_told(patient):
    patient.client = whose_records(*[1] * RECORDS_PER_PAGE, 2)
    with pytest.raises(UnexpectedAnswer, match="expected a patient record of the account's own, got none"):
        patient.settle_in()


def test_a_user_that_is_to_stop_does_not_wait_first(patient):
    patient._state = LOCUST_STATE_STOPPING
    with pytest.raises(gevent.GreenletExit):
        patient.pause(0)


@pytest.fixture
def pauses(patient, monkeypatch):
    """How long the patient held back, as a share of one, time standing still."""
    found = []
    monkeypatch.setattr(patient, "pause", found.append)
    monkeypatch.setattr(patient.random, "uniform", lambda low, high: high)
    return found


@pytest.mark.parametrize("reason", [NoAnswer("could not connect"), UnexpectedAnswer("busy", 429)])
def test_a_server_that_is_away_is_met_with_growing_pauses(patient, pauses, reason):
    for _ in range(4):
        patient.hold_back(reason)
    assert pauses == [1, 2, 4, 8]
    assert patient.seconds_thought == 15
    patient._held_back_until -= FORGOTTEN_AFTER_SECONDS
    patient.hold_back(reason)
    assert pauses[-1] == 1


def test_a_server_that_asks_to_be_left_alone_is(patient, pauses):
    for seconds in (7.0, 100_000.0):
        reason = UnexpectedAnswer("busy", 503)
        reason.retry_after = seconds
        patient.hold_back(reason)
    assert pauses == [7, MAX_RETRY_AFTER_SECONDS]


def test_other_failures_are_no_reason_to_wait(patient, pauses):
    patient.hold_back(UnexpectedAnswer("expected status 200, got 500", 500))
    assert pauses == []


def test_the_clean_up_of_a_user_is_no_part_of_the_load():
    pool, rows = AccountPool([ANA]), []
    with closing(ScriptedServer([[ok(b"{}")]])) as server:
        person = ana(pool, server.url)
        person.account = pool.take("patient")
        person.client.tokens = None
        person.environment.events.request.add_listener(lambda **row: rows.append(row))
        person.ledger.wrote(DELETE_USER, id=1)
        person.on_stop()
    assert server.requests == [(0, b"DELETE /api/users/1 HTTP/1.1")]
    assert rows == []
    assert pool.has_free("patient")


def test_a_user_that_leaves_does_not_hang_on_to_a_slow_server():
    """What is not gone when its time is over, is handed over."""
    pool = AccountPool([ANA])
    person = ana(pool, limits=Limits(read_seconds=0.1))
    person.account = pool.take("patient")
    person.client = SimpleNamespace(off_the_record=lambda: person.client, close=lambda: None)
    person.client.call = lambda _, id: gevent.sleep(600 if id < 5 else 0)
    for number in range(10):
        person.ledger.wrote(DELETE_USER, id=number)
    person.on_stop()
    assert [entry.params["id"] for entry in person.run_context.remains.records] == [0, 1, 2, 3, 4]
    assert pool.has_free("patient")


@pytest.fixture
def tasks(patient):
    """A patient's tasks, begun; its own think time is none."""
    patient.settings = replace(patient.settings, think_time=(0, 0))
    found = PatientTasks(patient)
    found.on_start()
    return found


def test_locust_may_end_a_user_that_waits_also_for_what_its_wait_time_waits_for(tasks):
    states = []
    tasks.wait_time = lambda: states.append(tasks.user._state) or 0.0
    tasks.wait()
    assert (states, tasks.user._state) == ([LOCUST_STATE_WAITING], LOCUST_STATE_RUNNING)
    assert tasks.thought.number == 1


def test_a_user_that_is_to_stop_does_not_wait_any_more(tasks):
    tasks.user._state = LOCUST_STATE_STOPPING
    with pytest.raises(StopUser):
        tasks.wait()
    assert tasks.user._state == LOCUST_STATE_STOPPING


def test_a_user_without_think_time_gives_way_to_the_others(tasks):
    others = []
    gevent.spawn(others.append, "another")
    tasks.wait()
    assert others == ["another"]
