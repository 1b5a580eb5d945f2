"""The races beside the load: each process that has users also lets people meet on few records, until the test ends."""

from locust.env import Environment
from locust.runners import MasterRunner

import logging
import time
from typing import Any

import gevent
from gevent.event import Event

from api.failures import TaskCannotGoOn
from config.options import options_of
from integrity.integrity_state import IntegrityState, integrity_state
from integrity.lane import Lane
from integrity.race_outcomes import RaceOutcomes
from run.beside_the_load import BesideTheLoad
from run.integrity_options import command_of, policies_of
from run.integrity_setup import RaceSetup
from run.roles import roles_in
from users.admin import AdminUser
from users.cms_user import growing_pauses
from users.run_context import run_context

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 0.3
"""Between two races: the users of the load are to be most of what the generator does."""
MAX_SHARE = 0.025
"""Of the process's CPU: where checking takes more, races come at half the pace."""
LAST_RACE_SECONDS = 3.0
LAST_LOOK_SECONDS = 15.0
TIDYING_SECONDS = 15.0


class IntegrityRun(BesideTheLoad):
    key = "races"

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self._racing: gevent.Greenlet | None = None
        self._setup: RaceSetup | None = None
        self._lane: Lane | None = None
        self._ending = Event()
        self._cpu = self._began = 0.0

    def findings(self) -> RaceOutcomes | None:
        return self._state.outcomes

    def on_report_to_master(self, data: dict[str, Any], **_: Any) -> None:
        if (outcomes := self.findings()) is not None:
            self._count_cpu(outcomes)
        super().on_report_to_master(data)

    def on_load_start(self, environment: Environment, **_: Any) -> None:
        options = options_of(environment)
        self._state.outcomes = None
        if not options.integrity:
            return
        host = environment.host or ""
        self._state.outcomes = RaceOutcomes(command_of(options, host, run_context(environment).is_sandbox(host)))
        if not isinstance(environment.runner, MasterRunner):
            self._ending.clear()
            self._cpu = self._began = time.process_time()
            self._racing = gevent.spawn(self._race)

    def on_test_stop(self, **_: Any) -> None:
        """The last race may end; then everything is looked at once more, and taken away."""
        if self._racing is None:
            return
        self._ending.set()
        self._racing.join(LAST_RACE_SECONDS)
        self._racing.kill()
        self._racing = None
        try:
            self._look_for_the_last_time()
        finally:
            self._tidy()

    @property
    def _state(self) -> IntegrityState:
        return integrity_state(run_context(self._environment))

    def _race(self) -> None:
        context, outcomes = run_context(self._environment), self._state.outcomes
        assert outcomes is not None
        roles = {role.role for role in roles_in(self._environment)}
        if not context.settings.read_only:
            roles.add(AdminUser.role)
        self._lane = None
        self._setup = RaceSetup(context.settings, context.accounts, roles)
        self._lane = lane = self._ready(self._setup, outcomes)
        while lane is not None and not self._ending.is_set():
            lane.hold_one()
            self._count_cpu(outcomes)
            costly = lane.checking > MAX_SHARE * (self._cpu - self._began)
            self._ending.wait(PAUSE_SECONDS * (2 if costly or lane.stage.interrupted else 1))

    def _ready(self, setup: RaceSetup, outcomes: RaceOutcomes) -> Lane | None:
        """As often as it takes: an API under load may give a wrong answer, or none, while people get in."""
        options = options_of(self._environment)
        for pause in growing_pauses():
            try:
                lane = setup.lane(outcomes, policies_of(options), options.race)
                lane.learn()
                logger.info("The races begin")
                return lane
            except TaskCannotGoOn as failure:
                logger.warning("The races cannot begin yet: %s", failure)
            if self._ending.wait(pause):
                return None
        return None

    def _look_for_the_last_time(self) -> None:
        lane, outcomes = self._lane, self._state.outcomes
        if lane is None or outcomes is None:
            return
        finished = False
        with gevent.Timeout(LAST_LOOK_SECONDS, False):
            lane.ready(lane.stage.interrupted or lane.stage.refused)
            lane.look_again()
            finished = True
        if not finished:
            outcomes.leave_out(f"the last look, which was not over after {LAST_LOOK_SECONDS:g} s")
        self._count_cpu(outcomes)

    def _tidy(self) -> None:
        """Takes away what the races have made; what it cannot is left to the run's clean-up."""
        setup, self._setup, self._lane = self._setup, None, None
        if setup is None:
            return
        try:
            with gevent.Timeout(TIDYING_SECONDS, False):
                setup.tidy()
        finally:
            run_context(self._environment).remains.take_over(setup.ledger)
            setup.close()

    def _count_cpu(self, outcomes: RaceOutcomes) -> None:
        """Of this process since the last time."""
        now = time.process_time()
        outcomes.process_cpu += now - self._cpu
        self._cpu = now
