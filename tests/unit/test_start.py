"""The start of the load, on a worker that is told to start before Locust has fired `init`."""

from locust.env import Environment

import gevent
import pytest

from run.load_start import pass_on_starts
from tests.processes import PATIENCE
from users.run_context import run_context


@pytest.fixture
def environment():
    environment = Environment()
    pass_on_starts(environment.events)
    return environment


def test_a_start_before_init_waits_and_reaches_the_listeners_that_init_adds(environment):
    events, starts, seen = environment.events, run_context(environment).load_start, []
    events.init.add_listener(lambda **_: starts.add_listener(lambda environment: seen.append(environment)))
    starting = gevent.spawn(events.test_start.fire, environment=environment)
    gevent.sleep(0.01)
    assert seen == []
    assert not starting.ready()
    events.init.fire(environment=environment)
    starting.get(timeout=PATIENCE)
    assert seen == [environment]


def test_a_start_after_init_is_passed_on_at_once_and_every_time(environment):
    events, seen = environment.events, []
    run_context(environment).load_start.add_listener(lambda **_: seen.append("started"))
    events.init.fire(environment=environment)
    events.test_start.fire(environment=environment)
    events.test_start.fire(environment=environment)
    assert seen == ["started", "started"]
