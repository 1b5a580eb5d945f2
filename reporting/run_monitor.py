"""Follows a run on the process that people talk to, from its start to its verdict."""

from locust.env import Environment
from locust.runners import MasterRunner

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import gevent
from msgspec import structs

from config.budget_file import Budget, Slo
from config.errors import INVALID_EXIT_CODE, SetupError
from config.options import options_of
from config.results import abandon, new_run_folder, run_folder
from internals.of_locust import users_by_class, users_wanted_by_class
from reporting.applicable_budgets import applicable
from reporting.baseline import NONE_YET, baseline_for, beside, changes_since_the_last
from reporting.collect_run_data import run_data
from reporting.known_names import role_of
from reporting.metrics.clock import ClockWatch
from reporting.metrics.figures import figures_now
from reporting.metrics.latency_intervals import latency_intervals
from reporting.metrics.local_recording import standing_of
from reporting.metrics.observed import all_observed
from reporting.metrics.outliers import Outlier
from reporting.metrics.recorder import Recorder
from reporting.metrics.store import THIS_PROCESS, MetricsStore
from reporting.metrics.timeline import Timeline, timeline_of
from reporting.metrics.workers import Workers
from reporting.verdict.budgets import Judged, judge
from reporting.verdict.build import build_verdict, with_finding, without_its_baseline
from reporting.verdict.comparison import drift
from reporting.verdict.model import Verdict
from reporting.verdict.run_data import RunState
from reporting.views.job_summary import add_to_job_summary
from reporting.views.locust_files import take_over
from reporting.views.run_files import write_files
from users.run_context import run_context

logger = logging.getLogger(__name__)

TICK_SECONDS = 1.0


class RunMonitor:
    """Keeps the figures of each test and judges it when it stops. `on_tick` are called every second of a test."""

    def __init__(self, environment: Environment, recorder: Recorder | None, slo: Slo) -> None:
        self.environment = environment
        self.store = MetricsStore()
        self._begun = False
        self.state = RunState()
        self._budgets_of_all = slo.budgets(options_of(environment).scenario)
        self._choose_budgets()
        self.verdict: Verdict | None = None
        self.folder: Path | None = None
        self.unwritten = False
        """Something that the run was to leave could not be written."""
        self.on_tick: list[Callable[[RunMonitor], None]] = []
        self._recorder = recorder
        self._ticking: gevent.Greenlet | None = None
        self._clock = ClockWatch()
        self._write_locusts_files = take_over(environment, self._could_not_write)
        runner = environment.runner
        self._workers = Workers(runner, self.store) if isinstance(runner, MasterRunner) else None

    def attach(self) -> None:
        events = self.environment.events
        events.test_start.add_listener(self._begin)
        events.spawning_complete.add_listener(self._reached)
        events.test_stopping.add_listener(self._stopping)
        events.test_stop.add_listener(self._end)
        events.quitting.add_listener(self._quit)

    @property
    def distributed(self) -> bool:
        return self._workers is not None

    def standing(self) -> list[Judged]:
        """The budgets as they are held at this moment."""
        return judge(figures_now(self.store, {budget.subject for budget in self.budgets}), self.budgets)

    def collect(self) -> None:
        """Brings the store up to date."""
        runner = self.environment.runner
        assert runner is not None
        if self._recorder is not None:
            self.store.add(self._recorder.drain())
            self.store.outliers.merge(self._recorder.outliers.drain())
        self._clock.look()
        self.state.clock_set_by = self._clock.set_by
        self.state.users_asked = max(self.state.users_asked, runner.target_user_count)
        self.store.saw_users(runner.user_count)
        if self._workers is None:
            self.store.saw_standing(THIS_PROCESS, standing_of(self.environment))
            self.store.saw_effort(THIS_PROCESS, run_context(self.environment).effort)
        else:
            self._workers.forget_the_lost()

    def lost_workers(self) -> list[str]:
        """The workers whose last report is missing, or came long before the end."""
        return [] if self._workers is None else self._workers.lost()

    def _begin(self, **_: Any) -> None:
        self._begun = True
        self.store.open()
        self.state = RunState(spawn_rate=options_of(self.environment).spawn_rate)
        self._clock = ClockWatch()
        self._choose_budgets()
        self.verdict = None
        self.folder = self._new_folder()
        if self._workers is not None:
            self._workers.begin()
        self._ticking = gevent.spawn(self._tick)

    def _reached(self, **_: Any) -> None:
        runner = self.environment.runner
        assert runner is not None
        self.store.reached_its_users()
        self.collect()
        self._count_roles(users_wanted_by_class(runner))

    def _present_users(self) -> dict[str, int]:
        runner = self.environment.runner
        assert runner is not None
        return users_by_class(runner)

    def _count_roles(self, by_class: dict[str, int]) -> None:
        """The mix at its largest."""
        roles = {user.__name__: role_of(user) for user in self.environment.user_classes}
        counts = {roles.get(name, name): users for name, users in by_class.items() if users}
        if sum(counts.values()) >= sum((self.state.by_role or {}).values()):
            self.state.by_role = counts
            self._choose_budgets()

    def _choose_budgets(self) -> None:
        """Tells each that does not count, once for each test."""
        chosen = applicable(self._budgets_of_all, self.environment, self.state.by_role)
        self.budgets: Sequence[Budget] = chosen.budgets
        for told in chosen.left_out:
            if self._begun and told not in self.state.left_out:
                logger.warning("%s%s", told[0].upper(), told[1:])
        self.state.left_out = chosen.left_out

    def _tick(self) -> None:
        while True:
            gevent.sleep(TICK_SECONDS)
            self.collect()
            for listener in self.on_tick:
                listener(self)

    def _stopping(self, **_: Any) -> None:
        self.collect()
        if self.state.by_role is None:
            self._count_roles(self._present_users())
        self.store.is_stopping()
        if self._ticking is not None:
            self._ticking.kill(block=False)
            self._ticking = None
        if self._workers is not None:
            self._workers.wind_down()

    def _end(self, **_: Any) -> None:
        if not self._begun:  # Locust also stops what never started
            return
        if self._recorder is not None:
            self.store.add(self._recorder.drain(everything=True))
            self.store.outliers.merge(self._recorder.outliers.drain())
        if self._workers is not None:
            self.state.workers = len(self._workers.known)
            self.state.lost_workers = self.lost_workers()
        self._rule()

    def _rule(self) -> None:
        seen = all_observed(self.store)
        timeline = timeline_of(self.store, seen)
        if run_context(self.environment).load.looks_for_drift:
            self.state.drift = drift(timeline)
        data = replace(run_data(self.environment, self.store, self.budgets, self.state, seen), timeline=timeline)
        verdict = build_verdict(data)
        since = changes_since_the_last(options_of(self.environment), verdict, timeline)
        self.verdict = self._beside_its_baseline(structs.replace(verdict, since=since), timeline)
        self._write(self.verdict, timeline, data.outliers)
        reasons = "; ".join(self.verdict.reasons) or "all budgets were kept"
        logger.info("Verdict: %s (%s)", self.verdict.verdict, reasons)
        if self.folder is not None and not self.unwritten:
            logger.info("Report: %s", self.folder / "report.html")

    def _write(self, verdict: Verdict, timeline: Timeline, outliers: Sequence[Outlier]) -> None:
        self.folder = self.folder or self._new_folder()
        if self.folder is None:
            return
        try:
            write_files(self.folder, verdict, timeline, latency_intervals(self.store), outliers)
        except OSError as failure:
            self._could_not_write(failure)

    def _could_not_write(self, failure: OSError) -> None:
        """Tells it once: a full disk is full for all that follows."""
        if not self.unwritten:
            self.unwritten = True
            where = failure.filename or "a file of this run"
            logger.error("%s could not be written (%s): see the verdict here", where, failure.strerror)

    def _beside_its_baseline(self, verdict: Verdict, timeline: Timeline) -> Verdict:
        options = options_of(self.environment)
        try:
            baseline = baseline_for(options, verdict)
        except SetupError as problem:
            return without_its_baseline(verdict, str(problem))
        if baseline is not None:
            return beside(baseline, verdict, timeline)
        return with_finding(verdict, NONE_YET) if options.baseline else verdict

    def _new_folder(self) -> Path | None:
        options = options_of(self.environment)
        try:
            if options.headless:
                return run_folder(Path(options.results), options.scenario or "adhoc")
            return new_run_folder(Path(options.results), options.scenario or "web")
        except OSError as failure:
            self._could_not_write(failure)
            return None

    def _quit(self, **_: Any) -> None:
        """Ends what still runs, so that the figures are whole; a run without a request is not a good one."""
        if self.environment.runner is not None:
            self.environment.runner.quit()
        if self.verdict is None and options_of(self.environment).headless:
            self.store.is_stopping()
            self._rule()
        if self.verdict is None:
            abandon(options_of(self.environment))
            return
        add_to_job_summary(options_of(self.environment).job_summary, self.verdict)
        try:
            self._write_locusts_files()
        except OSError as failure:
            self._could_not_write(failure)
        self.environment.process_exit_code = INVALID_EXIT_CODE if self.unwritten else self.verdict.exit_code
