"""--abort-on-breach: a run that is lost need not go on."""

import logging
import time

import gevent

from config.options import options_of
from reporting.run_monitor import RunMonitor
from reporting.verdict.budgets import ONLY_AT_THE_END, Judged
from reporting.verdict.wording import describe

logger = logging.getLogger(__name__)

LOOKS_IN_A_ROW = 3


class AbortOnBreach:
    """Called every second; a budget must be broken several times in a row, after the grace time."""

    def __init__(self) -> None:
        self._looks = 0

    def __call__(self, monitor: RunMonitor) -> None:
        options = options_of(monitor.environment)
        steady_from = monitor.store.steady_from
        if not options.abort_on_breach or monitor.state.aborted or steady_from is None:
            self._looks = 0
            return
        if time.time() - steady_from < options.abort_grace:
            return
        broken = [budget for budget in monitor.standing() if _is_lost(budget)]
        self._looks = self._looks + 1 if broken else 0
        if self._looks >= LOOKS_IN_A_ROW:
            self._abort(monitor, time.time() - steady_from)

    def _abort(self, monitor: RunMonitor, seconds: float) -> None:
        monitor.state.aborted = f"aborted after {seconds:.0f} s of steady state, since a budget stayed broken"
        logger.error("Aborting: %s", "; ".join(describe(budget) for budget in monitor.standing() if _is_lost(budget)))
        runner = monitor.environment.runner
        assert runner is not None
        gevent.spawn(runner.quit if options_of(monitor.environment).headless else runner.stop)


def _is_lost(budget: Judged) -> bool:
    return not budget.ok and budget.value is not None and budget.metric != ONLY_AT_THE_END
