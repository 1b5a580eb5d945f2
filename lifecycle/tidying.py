"""After the load: whatever users could not take away themselves is swept, and what stays is named."""

from locust.env import Environment
from locust.event import Events

import logging
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from api.failures import TaskCannotGoOn
from records.sweep import Sweep, Swept
from users.accounts import Account
from users.admin import AdminUser
from users.suite import Suite
from users.visitor import visitor

logger = logging.getLogger(__name__)

CLOCK_TOLERANCE = timedelta(hours=1)


class Tidying:
    """Sweeps after each test, in the process that people talk to. `accounts` hold an admin and the patients.

    What went wrong with it is an objection to the run.
    """

    def __init__(self, accounts: Sequence[Account]) -> None:
        self._accounts = accounts
        self._started = datetime.now(UTC)

    def attach(self, events: Events) -> None:
        events.test_start.add_listener(self.on_test_start)
        events.test_stop.add_listener(self.on_test_stop)

    def on_test_start(self, **_: Any) -> None:
        self._started = datetime.now(UTC)

    def on_test_stop(self, environment: Environment, **_: Any) -> None:
        """Sweeps the test's own records; never raises, since the test's figures are still to be written."""
        suite: Suite | None = getattr(environment, "suite", None)
        if suite is None:  # Locust also stops what never started
            return
        started = time.monotonic()
        try:
            swept = self._sweep(suite)
        except TaskCannotGoOn as failure:
            problem = f"the clean-up was not finished: {failure}"
        else:
            logger.info("Clean-up of %s: %s, in %.1f s", suite.mark.text, swept, time.monotonic() - started)
            for record in swept.stayed:
                logger.error("Not removed: %s", record)
            problem = f"records were left behind: {_counted(swept)}" if swept.stayed else ""
        if problem:
            environment.objections.append(problem)  # type: ignore[attr-defined]
            logger.error("%s%s", problem[0].upper(), problem[1:])
            if not hasattr(environment, "sandbox"):
                logger.error("Remove the rest with scenarios/sweep.sh --run-tag %s", suite.mark.tag)

    def _sweep(self, suite: Suite) -> Swept:
        admin = next(account for account in self._accounts if account.role == AdminUser.role)
        patients = [account.username for account in self._accounts if account.role == "patient"]
        person = visitor(AdminUser, admin, suite)
        try:
            person.settle_in()
            return Sweep(person.client.call, suite.mark, self._started - CLOCK_TOLERANCE, patients).run()
        finally:
            person.client.close()


def _counted(swept: Swept) -> str:
    kinds = Counter(record.kind for record in swept.stayed)
    return ", ".join(f"{count} {kind}" for kind, count in kinds.items())
