"""The start of the load, on a worker that is told to start before Locust has fired `init`."""

from locust.event import Events

import gevent
import pytest

from run.load_start import add_load_start
from tests.processes import PATIENCE


@pytest.fixture
def events():
    events = Events()
    add_load_start(events)
    return events


def test_a_start_before_init_waits_and_reaches_the_listeners_that_init_adds(events):
    seen = []
    events.init.add_listener(lambda **_: events.load_start.add_listener(lambda environment: seen.append(environment)))
    starting = gevent.spawn(events.test_start.fire, environment="this one")
    gevent.sleep(0.01)
    assert seen == []
    assert not starting.ready()
    events.init.fire()
    starting.get(timeout=PATIENCE)
    assert seen == ["this one"]


def test_a_start_after_init_is_passed_on_at_once_and_every_time(events):
    seen = []
    events.load_start.add_listener(lambda **_: seen.append("started"))
    events.init.fire()
    events.test_start.fire()
    events.test_start.fire()
    assert seen == ["started", "started"]
