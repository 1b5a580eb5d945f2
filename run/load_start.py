"""The start of the load: `test_start` as Locust means it, also on a worker that joins while a test is running."""

from locust.event import EventHook, Events

from typing import Any

from gevent.event import Event


def add_load_start(events: Events) -> None:
    """Adds `events.load_start`: fired like `test_start` with `environment`, but never before `init`.

    To a worker that joins a running test the order to spawn comes at once with the welcome, and Locust obeys it while
    `init` has not fired: nothing is prepared then, and listeners added by `init` would miss the start.
    """
    initialised = Event()
    events.load_start = EventHook()  # type: ignore[attr-defined]

    def start(**arguments: Any) -> None:
        initialised.wait()
        events.load_start.fire(**arguments)  # type: ignore[attr-defined]

    events.init.add_listener(lambda **_: initialised.set())
    events.test_start.add_listener(start)
