"""The search for the limit, tied to a run: its plan from the options, its steps judged by the budgets."""

from locust.runners import Runner

import time
from collections.abc import Callable

import gevent
from msgspec.structs import replace

from config.options import options_of
from reporting.metrics.figures import figures_of
from reporting.metrics.histogram import total
from reporting.metrics.measurements import Figures
from reporting.metrics.recorder import LAG
from reporting.metrics.store import Window
from reporting.metrics.subjects import ALL, Subject, rows_of
from reporting.run_monitor import RunMonitor
from reporting.verdict.budgets import FLOORS, Judged, judge
from reporting.verdict.capacity import Plan, Search
from reporting.verdict.capacity_texts import GENERATOR
from reporting.verdict.intervals import intervals
from reporting.verdict.model import Step
from reporting.verdict.steps import step_of

REPORTS_ARE_IN_SECONDS = {False: 1.5, True: 4.5}
"""Alone the figures come every second, from workers every three."""


class CapacitySearch:
    """One search in one run; `tick` is what a LoadTestShape needs."""

    def __init__(self, monitor: RunMonitor, runner: Runner, clock: Callable[[], float] = time.time) -> None:
        options = options_of(monitor.environment)
        self._monitor, self._runner, self._clock = monitor, runner, clock
        self._spawn_rate = float(options.spawn_rate or options.step_users)
        self._plan = Plan(
            step=options.step_users,
            most=max(options.num_users or 0, options.step_users),
            settle=options.step_settle,
            hold=options.step_time,
            patience=REPORTS_ARE_IN_SECONDS[monitor.distributed],
            spawn_rate=self._spawn_rate,
        )
        self._judged: dict[int, list[Judged]] = {}
        self._search = Search(self._plan, monitor.store.watch, self._look)

    def tick(self) -> tuple[int, float] | None:
        users = self._search.tick(self._clock(), self._runner.user_count)
        if users is not None:
            return users, self._spawn_rate
        found = self._search.capacity
        assert found is not None
        self._monitor.state.capacity = found
        self._monitor.state.judged = self._judged.get(found.users or 0)
        return None

    def _look(self, users: int, window: Window) -> Step:
        """Judges one step so far; floors for rate and number of requests make no sense for a part of a run."""
        budgets = [budget for budget in self._monitor.budgets if budget.metric not in FLOORS]
        rows = {subject: self._figures(window, subject) for subject in {budget.subject for budget in budgets} | {ALL}}
        judged = [budget for budget in judge(rows, budgets) if budget.value is not None or budget.kind == "everything"]
        self._judged[users] = judged
        return step_of(users, window.seconds, rows[ALL], judged, self._generator(window))

    def _figures(self, window: Window, subject: Subject) -> Figures:
        """What still waits for its answer when the step is judged has failed in it."""
        wanted = rows_of(subject)
        whole = total([window.histogram(wanted), self._monitor.store.overdue(wanted)])
        found = intervals(window.parts(wanted), whole, 1, self._plan.confidence)
        gevent.sleep(0)  # the sums are no reason to keep users waiting
        return replace(figures_of(whole, window.seconds), intervals=found)

    def _generator(self, window: Window) -> list[str]:
        lag = window.histogram(lambda row: row[1] == LAG).percentile(0.99)
        limit = options_of(self._monitor.environment).lag_limit
        return [f"{GENERATOR}: lag {lag:.0f} ms above {limit:g} ms"] if lag is not None and lag > limit else []
