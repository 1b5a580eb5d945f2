"""How the users of a process stand: who waits for an answer, who thinks, and who does nothing at all."""

from locust.user.task import LOCUST_STATE_RUNNING, LOCUST_STATE_WAITING

from types import SimpleNamespace

import pytest

from api.endpoints import HEALTH
from users import roster
from users.roster import IDLE_SECONDS, Roster

LONGEST_THOUGHT = 3.0


class Person(SimpleNamespace):
    __hash__ = object.__hash__


class Clock:
    now = 100.0

    def perf_counter(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(roster, "time", clock)
    return clock


@pytest.fixture
def user():
    client = SimpleNamespace(asking=None, asked_at=99.0)
    settings = SimpleNamespace(think_time=(1.0, LONGEST_THOUGHT))
    state = {"role": "patient", "started_at": 90.0, "failed_starts": 0, "_state": LOCUST_STATE_RUNNING}
    return Person(client=client, settings=settings, settled=True, **state)


def looks(clock, user, *changes):
    """How the user stands at each look; between two of them more time goes by than anybody may be at rest."""
    there = Roster()
    there.join(user)
    for change in changes:
        change(user)
        yield there.standing(1)
        clock.now += IDLE_SECONDS + LONGEST_THOUGHT + 1


def nothing(user): ...


def asks(user):
    user.client.asking = HEALTH


def asks_and_is_answered(user):
    user.client.asking, user.client.asked_at = None, user.client.asked_at + 1


def thinks(user):
    user._state = LOCUST_STATE_WAITING


def goes_on(user):
    user._state, user.client.asking = LOCUST_STATE_RUNNING, None


def test_a_user_that_does_nothing_for_longer_than_it_may_think_is_idle(clock, user):
    first, second, third = looks(clock, user, nothing, nothing, nothing)
    assert first.idle == 0
    assert (second.idle, second.idle_seconds) == (1, 14.0)
    assert (third.idle, third.idle_seconds) == (1, 28.0)


@pytest.mark.parametrize("change", [asks, thinks])
def test_a_user_that_waits_for_an_answer_or_thinks_is_not(clock, user, change):
    assert [look.idle for look in looks(clock, user, nothing, change, goes_on, nothing)] == [0, 0, 0, 1]


def test_a_user_that_has_asked_since_the_last_look_is_not(clock, user):
    assert [look.idle for look in looks(clock, user, nothing, asks_and_is_answered, nothing)] == [0, 0, 1]


def test_a_user_that_still_tries_to_get_in_is_counted_elsewhere(clock, user):
    user.settled = False
    assert [look.idle for look in looks(clock, user, nothing, nothing)] == [0, 0]
