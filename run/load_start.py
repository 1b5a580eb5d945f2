"""The start of the load: `test_start` as Locust means it, also on a worker that joins while a test is running."""

from locust.env import Environment
from locust.event import Events

from typing import Any

from gevent.event import Event

from users.run_context import run_context


def pass_on_starts(events: Events) -> None:
    """Has `load_start` of the run's context fire with each `test_start`; to be called after all listeners to `init`.

    To a worker that joins a running test the order to spawn comes at once with the welcome, and Locust obeys it while
    `init` has not fired: nothing is prepared then, and listeners added by `init` would miss the start.
    """
    initialised = Event()

    def start(environment: Environment, **arguments: Any) -> None:
        initialised.wait()
        run_context(environment).load_start.fire(environment=environment, **arguments)

    events.init.add_listener(lambda **_: initialised.set())
    events.test_start.add_listener(start)
