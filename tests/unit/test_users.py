"""The person behind every role: finds its own record, stops when it is told to, and leaves nothing behind."""

from locust.user.task import LOCUST_STATE_STOPPING

from contextlib import closing
from types import SimpleNamespace

import gevent
import pytest

from api.endpoints import DELETE_USER
from api.failures import UnexpectedAnswer
from api.schemas import Page, Pagination
from api.server import Limits, Server
from records.marks import Mark
from tests.scripted_server import ScriptedServer, ok
from users.accounts import Account, AccountPool
from users.base import RECORDS_PER_PAGE
from users.patient import PatientUser
from users.suite import Suite
from users.visitor import visitor

ANA = Account("ana", "x", "patient")


def ana(pool=None, url="http://127.0.0.1:9"):
    """A patient who has not signed in."""
    names = {"patient": ("Paciente",)}
    suite = Suite(Server(url), Limits(), pool, names, think_time=(1, 3), seed="1", mark=Mark("x"))
    return visitor(PatientUser, ANA, suite)


def whose_records(*users):
    """A client whose list of patients are the records of these users."""

    def call(listing, accept, search, limit, offset):
        rows = [SimpleNamespace(usuario_id=user) for user in users[offset : offset + limit]]
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
    assert patient.me.usuario_id == 7


def test_a_patient_without_a_record_of_its_own_is_told(patient):
    patient.client = whose_records(*[1] * RECORDS_PER_PAGE, 2)
    with pytest.raises(UnexpectedAnswer, match="expected a patient record of the account's own, got none"):
        patient.settle_in()


def test_a_user_that_is_to_stop_does_not_wait_first(patient):
    patient._state = LOCUST_STATE_STOPPING
    with pytest.raises(gevent.GreenletExit):
        patient.pause(0)


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
