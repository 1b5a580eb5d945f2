"""Journeys in Locust's own statistics: a row of type JOURNEY each, outside of the totals, since it is no request."""

from locust.env import Environment
from locust.stats import StatsError

from typing import Any

from users.run_context import run_context

JOURNEY = "JOURNEY"


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

    run_context(environment).journey.add_listener(on_journey)
