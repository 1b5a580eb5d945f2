"""Journeys in Locust's own statistics: a row of type JOURNEY each, outside of the totals, since it is no request."""

from locust.env import Environment
from locust.event import EventHook, Events
from locust.stats import StatsError

from typing import Any

JOURNEY = "JOURNEY"


def add_journey_event(events: Events) -> None:
    """`events.journey`: fired when a person has come to the end of a journey, or had to give it up.

    Keywords: `name` ("book an appointment"), `role`, `duration` in ms without think time, `failure` (an exception or
    None).
    """
    events.journey = EventHook()  # type: ignore[attr-defined]


def show_journeys(environment: Environment) -> None:
    """Gives each journey a row; what workers log there reaches the master with Locust's other rows."""

    def on_journey(name: str, duration: float, failure: Exception | None = None, **_: Any) -> None:
        stats = environment.stats
        row = stats.get(name, JOURNEY)
        row.log(round(duration), 0)
        if failure is not None:
            row.log_error(failure)
            key = StatsError.create_key(JOURNEY, name, failure)
            stats.errors.setdefault(key, StatsError(JOURNEY, name, failure)).occurred()

    environment.events.journey.add_listener(on_journey)  # type: ignore[attr-defined]
