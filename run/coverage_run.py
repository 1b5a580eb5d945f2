"""The coverage run: it ends when every user has done each of its tasks, and says which routes were seen."""

from locust.env import Environment

import logging
from typing import Any

import gevent

from config.options import options_of
from internals.of_locust import row_counts
from reporting.failure_report import known_of_routes
from reporting.verdict.routes import NOT_REACHED, Route, is_explained, routes_of
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
        """Says what was seen; a coverage run that missed a route which it could have reached is no success."""
        context = run_context(environment)
        if not context.begun:
            return
        routes = self._routes()
        missed = [route for route in routes if route.state == NOT_REACHED]
        seen = f"{len(routes) - len(missed)} of {len(routes)}"
        logger.info("Routes seen: %s", seen)
        if missed and not self._finished:
            told = "it was ended before every user had done each of its tasks"
            context.objections.to_validity.append(f"{told}: {seen} routes were seen until then")
            return
        for route in missed:
            logger.error("Route not seen: %s (%s)", route.route, route.why)
        unexplained = [route.route for route in missed if not is_explained(route)]
        if unexplained:
            named = ", ".join(unexplained[:ROUTES_NAMED]) + (", ..." if unexplained[ROUTES_NAMED:] else "")
            context.objections.to_passing.append(f"{len(unexplained)} of {len(routes)} routes were not seen: {named}")

    def _routes(self) -> list[Route]:
        """Those that a coverage run of all roles must see."""
        known = known_of_routes(self._environment)
        routes = routes_of(known, row_counts(self._environment))
        return [route for route in routes if route.route.startswith("GET ") or not known.read_only]

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
