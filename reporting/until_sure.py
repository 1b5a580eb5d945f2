"""--until-sure: a run that has told enough need not go on."""

import logging

import gevent
import msgspec

from config.options import options_of
from reporting.metrics.figures import figures_now
from reporting.metrics.observed import observed
from reporting.metrics.store import STEADY
from reporting.run_monitor import RunMonitor
from reporting.verdict.budgets import Judged, judge
from reporting.verdict.intervals import intervals
from reporting.verdict.sequential import Agreement, Sureness, confidence_of_agreeing_looks, looks, said_of

logger = logging.getLogger(__name__)

REPORTS_ARE_IN_SECONDS = {False: 2, True: 5}
"""The latest seconds may not be whole: alone the figures come every second, from workers every three."""


class UntilSure:
    """Called every second; looks at a few lengths of the steady state that are known before the run."""

    def __init__(self) -> None:
        self._run = 0.0
        self._looks: list[int] = []
        self._done = 0
        self._agreement = Agreement(0)

    def __call__(self, monitor: RunMonitor) -> None:
        options, store = options_of(monitor.environment), monitor.store
        if options.until_sure is None or store.steady_from is None or monitor.state.aborted:
            return
        if self._run != store.started:
            self._run, self._done = store.started, 0
            ramp = store.steady_from - store.started
            self._looks = looks(options.at_least, max(options.at_least, float(options.run_time) - ramp))
            self._agreement = Agreement(len(self._looks))
        length = store.seconds(STEADY) - REPORTS_ARE_IN_SECONDS[monitor.distributed]
        if self._done < len(self._looks) and length >= self._looks[self._done]:
            self._done += 1
            self._look(monitor, length)

    def _look(self, monitor: RunMonitor, length: int) -> None:
        percent = float(options_of(monitor.environment).until_sure)
        judged = self._judged(monitor, confidence_of_agreeing_looks(percent, len(self._looks)))
        open_yet = self._agreement.undecided(said_of(judged))
        sure = bool(judged) and not open_yet
        monitor.state.sureness = Sureness(percent, length if sure else None, self._done, open_yet)
        if sure:
            logger.info("Sure at %g %% after %d s of steady state: every budget is decided", percent, length)
            runner = monitor.environment.runner
            assert runner is not None
            gevent.spawn(runner.quit if options_of(monitor.environment).headless else runner.stop)

    def _judged(self, monitor: RunMonitor, confidence: float) -> list[Judged]:
        """Every budget with its interval, so far."""
        subjects = {budget.subject for budget in monitor.budgets}
        rows = figures_now(monitor.store, subjects)
        for subject in subjects:
            seen = observed(monitor.store, subject)
            parts = seen.parts[: len(seen.parts) - self._unripe(monitor, seen.seconds)]
            found = intervals(parts, seen.whole, seen.seconds, confidence)
            rows[subject] = msgspec.structs.replace(rows[subject], intervals=found)
            gevent.sleep(0)  # the sums of a long run are no reason to keep users waiting
        return judge(rows, monitor.budgets)

    def _unripe(self, monitor: RunMonitor, interval: int) -> int:
        """How many intervals at the end may not be whole yet."""
        return -(-REPORTS_ARE_IN_SECONDS[monitor.distributed] // interval)
