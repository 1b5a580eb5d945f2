"""The run of a tour: it ends when every user has done each of its tasks, and says which routes were seen."""

from locust.env import Environment

import logging
from typing import Any

import gevent

from api.endpoints import ENDPOINTS
from config.options import options_of
from internals.of_locust import routes_seen
from users.run_context import run_context

logger = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 0.5
ROUTES_NAMED = 5


class CoverageRun:
    """Watches one run from the process that people talk to."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._finished = False

    def attach(self) -> None:
        self._environment.events.spawning_complete.add_listener(self.on_spawning_complete)
        self._environment.events.test_stop.add_listener(self.on_test_stop)

    def on_spawning_complete(self, **_: Any) -> None:
        """From here on, the last user to leave ends the run."""
        gevent.spawn(self._end_with_the_last_user)

    def on_test_stop(self, environment: Environment, **_: Any) -> None:
        """Says what was seen; a tour that missed a route is no success."""
        context = run_context(environment)
        if not context.begun:
            return
        wanted = wanted_routes(options_of(environment).read_only)
        seen = routes_seen(environment)
        missed = [route for route in wanted if route not in seen]
        logger.info("Routes seen: %d of %d", len(wanted) - len(missed), len(wanted))
        if missed and not self._finished:
            seen_so_far = f"{len(wanted) - len(missed)} of {len(wanted)} routes were seen until then"
            context.objections.to_validity.append(
                f"it was ended before every user had done each of its tasks: {seen_so_far}"
            )
            return
        for route in missed:
            logger.error("Route not seen: %s", route)
        if missed:
            problem = f"{len(missed)} of {len(wanted)} routes were not seen: {', '.join(missed[:ROUTES_NAMED])}"
            context.objections.to_passing.append(problem + (", ..." if missed[ROUTES_NAMED:] else ""))

    def _end_with_the_last_user(self) -> None:
        runner = self._environment.runner
        assert runner is not None
        while runner.user_count:
            gevent.sleep(LOOK_EVERY_SECONDS)
        self._finished = True
        logger.info("Every user has done each of its tasks")
        if options_of(self._environment).headless:
            runner.quit()
        else:
            runner.stop()


def wanted_routes(read_only: bool) -> list[str]:
    """What a tour of all roles must see."""
    return [str(endpoint) for endpoint in ENDPOINTS if endpoint.method == "GET" or not read_only]
