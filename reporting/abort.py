"""--abort-on-breach: a run that is lost need not go on."""

import logging
import time

import gevent

from config.options import options_of
from reporting.run_monitor import Referee
from reporting.verdict.budgets import ONLY_AT_THE_END, Judged
from reporting.verdict.wording import told

logger = logging.getLogger(__name__)

LOOKS_IN_A_ROW = 3


class AbortOnBreach:
    """Called every second; a budget must be broken several times in a row, after the grace time."""

    def __init__(self) -> None:
        self._looks = 0

    def __call__(self, referee: Referee) -> None:
        options = options_of(referee.environment)
        steady_from = referee.book.steady_from
        if not options.abort_on_breach or referee.course.aborted or steady_from is None:
            self._looks = 0
            return
        if time.time() - steady_from < options.abort_grace:
            return
        broken = [budget for budget in referee.standing() if _is_lost(budget)]
        self._looks = self._looks + 1 if broken else 0
        if self._looks >= LOOKS_IN_A_ROW:
            self._abort(referee, time.time() - steady_from)

    def _abort(self, referee: Referee, seconds: float) -> None:
        referee.course.aborted = f"aborted after {seconds:.0f} s of steady state, since a budget stayed broken"
        logger.error("Aborting: %s", "; ".join(told(budget) for budget in referee.standing() if _is_lost(budget)))
        runner = referee.environment.runner
        assert runner is not None
        gevent.spawn(runner.quit if options_of(referee.environment).headless else runner.stop)


def _is_lost(budget: Judged) -> bool:
    return not budget.ok and budget.value is not None and budget.metric != ONLY_AT_THE_END
