"""After the load: whatever users could not take away themselves is removed, and what stays is named."""

from locust.env import Environment
from locust.runners import MasterRunner

import logging
import time
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from api.failures import TaskCannotGoOn
from config.options import options_of
from records.retry import in_time, retrying
from records.sweep import Sweep, Swept
from run.cleanup_progress import telling
from users.accounts import Account, AccountPool
from users.admin import AdminUser
from users.run_context import RunContext, run_context
from users.unreported import unreported_user

logger = logging.getLogger(__name__)

CLOCK_TOLERANCE = timedelta(hours=1)
REMAINS = "remains"


def hand_over_remains(environment: Environment, context: RunContext | None = None, name: str = REMAINS) -> None:
    """On a worker: what its users leave goes to the master, with Locust's next report.

    `context` is that of users on another host, whose remains go by a `name` of their own.
    """

    def add(data: dict[str, Any], **_: Any) -> None:
        data[name] = (context or run_context(environment)).remains.hand_over()

    environment.events.report_to_master.add_listener(add)


class CleanUp:
    """Cleans up after each test, in the process that people talk to. `accounts` hold an admin and the patients.

    It looks only where users could not see to it themselves; when a worker was lost, nobody knows where that is, and
    it looks everywhere. What went wrong with it is an objection to the run. `lost_workers` tells which were lost.
    `other` is the context of users on another host, and `name` what their remains go by.
    """

    def __init__(
        self,
        accounts: Sequence[Account],
        lost_workers: Callable[[], Sequence[str]],
        other: RunContext | None = None,
        name: str = REMAINS,
    ) -> None:
        self._accounts = accounts
        self._lost_workers = lost_workers
        self._other = other
        self._name = name
        self._started = datetime.now(UTC)
        self._remains_of_workers: list[tuple[str, dict[str, Any]]] = []

    def attach(self, environment: Environment) -> None:
        environment.events.test_start.add_listener(self.on_test_start)
        environment.events.test_stop.add_listener(self.on_test_stop)
        if isinstance(environment.runner, MasterRunner):
            environment.events.worker_report.add_listener(self.on_worker_report)

    def on_test_start(self, **_: Any) -> None:
        self._started = datetime.now(UTC)
        self._remains_of_workers = []

    def on_worker_report(self, data: dict[str, Any], **_: Any) -> None:
        self._remains_of_workers += data.get(self._name, [])

    def on_test_stop(self, environment: Environment, **_: Any) -> None:
        """Removes the test's own records; never raises, since the test's figures are still to be written."""
        run = run_context(environment)
        context = self._other or run
        if not context.begun:
            return
        mark, where = context.settings.mark, f" on OLD, {context.settings.server.url}" if self._other else ""
        context.remains.add(self._remains_of_workers)
        started = time.monotonic()
        try:
            deadline = started + options_of(environment).cleanup_time
            swept = self._clean_up(context, self._usernames(run), deadline)
        except TaskCannotGoOn as failure:
            problems = [f"the clean-up{where} was not finished: {failure}"]
        else:
            logger.info("Clean-up of %s%s: %s, in %.1f s", mark.text, where, swept, time.monotonic() - started)
            for record in swept.stayed:
                logger.error("Not removed%s: %s", where, record)
            problems = [f"{problem}{where}" for problem in swept.problems()]
        for problem in problems:
            run.objections.to_passing.append(problem)
            logger.error("%s%s", problem[0].upper(), problem[1:])
        if problems:
            host = f" --host {context.settings.server.url}" if self._other else ""
            logger.error("Remove the rest with scenarios/sweep.sh --run-tag %s%s", mark.tag, host)

    def _clean_up(self, context: RunContext, usernames: Collection[str], deadline: float) -> Swept:
        lost = self._lost_workers()
        if not (lost or context.remains):
            return Swept()
        logger.info("Cleaning up %s", "after all workers, since one was lost" if lost else "what users have left")
        admin = next(account for account in self._accounts if account.role == AdminUser.role)
        person = unreported_user(AdminUser, admin, context.settings)
        call = retrying(telling(in_time(person.client.call, deadline), deadline), deadline)
        try:
            retrying(person.settle_in, deadline)()
            sweep = Sweep(call, context.settings.mark, self._started - CLOCK_TOLERANCE, context.settings.survey)
            if not lost:
                return sweep.remains(context.remains, usernames)
            return sweep.everything(usernames)
        finally:
            person.client.close()

    def _usernames(self, context: RunContext) -> Collection[str]:
        """Of the accounts that this test has used, which are the only ones that it can have written by."""
        pool = context.accounts
        return pool.dealt if isinstance(pool, AccountPool) else {account.username for account in self._accounts}
