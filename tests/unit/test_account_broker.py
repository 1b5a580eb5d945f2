"""Accounts across machines: what a lost worker held is dealt again when nothing else is left, and none gets lost."""

from locust.runners import STATE_MISSING, STATE_RUNNING, WorkerNode, WorkerNodes

from types import SimpleNamespace

import gevent
import pytest

from tests.processes import PATIENCE
from users.account_broker import DEALT, RETURNED, WANTED, MasterBroker, WorkerBroker
from users.accounts import Account, AccountPool

ONE, TWO = Account("one", "x", "admin"), Account("two", "x", "admin")


class Wires:
    """A runner that keeps what it is to send, and delivers what a test lets arrive."""

    def __init__(self, *workers):
        self.sent = []
        self.clients = WorkerNodes()
        for worker in workers:
            self.clients[worker] = WorkerNode(worker, STATE_RUNNING)
        self._handlers = {}

    def register_message(self, kind, handler):
        self._handlers[kind] = handler

    def send_message(self, kind, data, client_id=None):
        self.sent.append((kind, data))

    def arrive(self, kind, data, worker=""):
        self._handlers[kind](environment=None, msg=SimpleNamespace(node_id=worker, data=data))


@pytest.fixture
def master():
    """A master with two accounts and two workers."""
    wires = Wires("a", "b")
    wires.broker = MasterBroker(AccountPool([ONE, TWO]), wires)
    return wires


def dealt(master, worker):
    """What this worker gets when it asks."""
    master.arrive(WANTED, {"role": "admin", "ticket": 1}, worker)
    account = Account(**master.sent[-1][1]["account"])
    return account.username, account.shared_with


def test_what_a_lost_worker_held_is_dealt_again_when_nothing_else_is_left(master):
    assert dealt(master, "a") == ("one", 0)
    master.clients["a"].state = STATE_MISSING
    assert [dealt(master, "b"), dealt(master, "b")] == [("two", 0), ("one", 0)]


def test_a_worker_that_was_out_of_sight_keeps_what_it_holds_while_others_are_free(master):
    """It may have been running its users all the time."""
    dealt(master, "a")
    master.clients["a"].state = STATE_MISSING
    assert dealt(master, "b") == ("two", 0)
    master.clients["a"].state = STATE_RUNNING
    assert dealt(master, "b") == ("one", 1)


def test_what_a_present_worker_holds_is_shared_rather_than_taken_away(master):
    assert [dealt(master, worker) for worker in "abb"] == [("one", 0), ("two", 0), ("one", 1)]


def test_an_account_that_was_dealt_twice_for_one_question_is_given_back():
    """A worker asks again when the master is slow, and may then get two answers."""
    wires = Wires()
    broker = WorkerBroker(wires)
    taking = gevent.spawn(broker.take, "admin")
    gevent.sleep(0)
    ((kind, question),) = wires.sent
    assert kind == WANTED
    for username in ("one", "two"):
        account = {"username": username, "password": "x", "role": "admin", "shared_with": 0}
        wires.arrive(DEALT, {"ticket": question["ticket"], "account": account})
    assert taking.get(timeout=PATIENCE) == ONE
    wires.arrive(DEALT, {"ticket": question["ticket"], "account": account})
    assert wires.sent[1:] == [(RETURNED, {"role": "admin", "username": "two"})] * 2
