"""Journeys in Locust's own statistics: a row of type JOURNEY each, outside of the totals, since it is no request."""

from locust.env import Environment

from typing import Any

from internals.of_locust import count_failure, row
from users.run_context import run_context

JOURNEY = "JOURNEY"


def show_journeys(environment: Environment) -> None:
    """Gives each journey a row; what workers log there reaches the master with Locust's other rows."""

    def on_journey(name: str, duration: float, failure: Exception | None = None, **_: Any) -> None:
        row(environment, JOURNEY, name).log(round(duration), 0)
        if failure is not None:
            count_failure(environment, JOURNEY, name, failure)

    run_context(environment).journey.add_listener(on_journey)
