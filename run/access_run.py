"""The access audit beside the load: it begins when all users are there, and the run ends when every cell was asked."""

from locust.env import Environment

import logging
from pathlib import Path
from typing import Any

import gevent

from access.audit_state import AuditState, audit_state
from access.known_leaks import write_known
from access.matrix import cells_of
from access.outcomes import Outcomes
from access.questions import OWNED
from api.endpoints import ENDPOINTS
from api.failures import NothingToDo, TaskCannotGoOn
from config.options import options_of
from run.access_options import accounts_that_ask
from run.access_setup import AuditSetup
from users.run_context import RunContext, run_context

logger = logging.getLogger(__name__)

TIDYING_SECONDS = 30.0
PAUSE_SECONDS = 0.01
"""After each cell: the load is to be the people's, and long enough to be judged."""


class AccessRun:
    """Asks from the process that people talk to, once in each test."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._asking: gevent.Greenlet | None = None
        self._finished = self._gave_up = False

    def attach(self) -> None:
        events = self._environment.events
        events.test_start.add_listener(self.on_test_start)
        events.spawning_complete.add_listener(self.on_spawning_complete)
        events.test_stop.add_listener(self.on_test_stop)

    def on_test_start(self, **_: Any) -> None:
        self._asking, self._finished, self._gave_up = None, False, False
        self._state.outcomes = Outcomes(self._environment.host or "")

    def on_spawning_complete(self, **_: Any) -> None:
        if self._asking is None:
            self._asking = gevent.spawn(self._ask)

    def on_test_stop(self, **_: Any) -> None:
        """What was not asked to the end says little about access; what was found is told in any case."""
        if not self._context.begun:
            return
        if self._asking is not None:
            self._asking.kill()
        if not (self._finished or self._gave_up):
            self._context.objections.to_validity.append("the access audit had not asked everything when the run ended")
        self._accept()

    @property
    def _context(self) -> RunContext:
        return run_context(self._environment)

    @property
    def _state(self) -> AuditState:
        return audit_state(self._context)

    def _ask(self) -> None:
        options = options_of(self._environment)
        settings = self._context.settings
        setup = AuditSetup(settings, accounts_that_ask(options), options.expired_token)
        outcomes = self._state.outcomes
        assert outcomes is not None
        try:
            audit = setup.audit()
            for cell in cells_of(self._state.rules, ENDPOINTS, OWNED, settings.read_only):
                audit.ask_cell(cell, outcomes)
                gevent.sleep(PAUSE_SECONDS)
            self._finished = True
        except (TaskCannotGoOn, NothingToDo) as failure:
            why = str(failure) or "nobody knows the ids of the roles"
            self._context.objections.to_validity.append(f"the access audit could not go on: {why}")
            self._gave_up = True
        finally:
            self._tidy(setup)
        gevent.spawn(self._end)

    def _tidy(self, setup: AuditSetup) -> None:
        """Takes away what the audit has made; what it cannot is left to the run's clean-up."""
        try:
            with gevent.Timeout(TIDYING_SECONDS, False):
                setup.ledger.settle(setup.call)
        finally:
            self._context.remains.take_over(setup.ledger)
            setup.close()

    def _accept(self) -> None:
        options, outcomes = options_of(self._environment), self._state.outcomes
        if not options.accept_leaks or outcomes is None or not self._finished:
            return
        found = [finding.cell for finding in outcomes.report().new]
        try:
            write_known(Path(options.known_leaks), found)
        except OSError as failure:
            self._context.objections.to_validity.append(f"--known-leaks {options.known_leaks}: {failure.strerror}")
            return
        self._state.known = frozenset(found)
        logger.info("%d findings are known from now on: %s", len(found), options.known_leaks)

    def _end(self) -> None:
        runner = self._environment.runner
        assert runner is not None
        if options_of(self._environment).headless:
            runner.quit()
        else:
            runner.stop()
