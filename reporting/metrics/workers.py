"""How figures travel: workers report as they go and once more at their end; the master waits for each last report."""

from locust.env import Environment
from locust.runners import MasterRunner, WorkerRunner

import logging
import time
from typing import Any

import gevent
import msgspec

from config.options import options_of
from internals.of_locust import is_testing, present_workers
from reporting.metrics.local_recording import standing_of
from reporting.metrics.recorder import Recorder
from reporting.metrics.store import MetricsStore
from users.effort import Effort
from users.roster import Standing
from users.run_context import run_context

logger = logging.getLogger(__name__)

FIGURES, SENT_AT, STANDING, OUTLIERS, EFFORT = "figures", "figures_sent_at", "standing", "outliers", "effort"
WIND_DOWN, WOUND_DOWN = "wind_down", "wound_down"
LOOK_EVERY_SECONDS = 0.05
PATIENCE_SECONDS = 5.0
LEFT_EARLY_SECONDS = 2.0


def report_to_the_master(environment: Environment, runner: WorkerRunner, recorder: Recorder) -> None:
    """On a worker: every report of Locust carries the figures; the last one is sent when the last user has gone."""
    events = environment.events
    ended = False

    def begin(**_: Any) -> None:
        nonlocal ended
        ended = False

    def attach_figures(data: dict[str, Any], **_: Any) -> None:
        data[FIGURES] = recorder.drain(everything=ended)
        data[OUTLIERS] = recorder.outliers.drain()
        data[SENT_AT] = time.time()
        data[STANDING] = msgspec.to_builtins(standing_of(environment))
        data[EFFORT] = msgspec.to_builtins(run_context(environment).effort)

    def send_the_last(**_: Any) -> None:
        nonlocal ended
        ended = True
        data: dict[str, Any] = {}
        events.report_to_master.fire(client_id=runner.client_id, data=data)
        runner.send_message("stats", data)
        runner.send_message(WOUND_DOWN)

    def wind_down(**_: Any) -> None:
        runner.stop()
        runner.send_message(WOUND_DOWN)

    run_context(environment).load_start.add_listener(begin)
    events.report_to_master.add_listener(attach_figures)
    events.test_stop.add_listener(send_the_last)
    runner.register_message(WIND_DOWN, wind_down, concurrent=True)


class Workers:
    """On the master: which workers took part, and whether each has told all it knew."""

    def __init__(self, runner: MasterRunner, store: MetricsStore) -> None:
        self._runner = runner
        self._store = store
        self.begin()
        runner.environment.events.worker_connect.add_listener(self._on_connect)
        runner.environment.events.worker_report.add_listener(self._on_report)
        runner.register_message(WOUND_DOWN, self._on_wound_down)

    def begin(self) -> None:
        """A test starts: who is there takes part, and later whoever joins while it runs."""
        self.known: set[str] = self._present()
        self._ended: dict[str, float] = {}
        self._ending_since: float | None = None

    def wind_down(self) -> None:
        """Lets all workers end their users' work and waits for their last reports.

        Locust's own way out gives them half a second, and figures that come later would be lost. A user may need its
        stop timeout, and one read timeout to take its records away.
        """
        self._ending_since = time.monotonic()
        for worker in self._present():
            self._runner.send_message(WIND_DOWN, client_id=worker)
        environment = self._runner.environment
        users_need = environment.stop_timeout + options_of(environment).read_timeout
        deadline = time.monotonic() + users_need + PATIENCE_SECONDS
        while (waiting := (self._present() & self.known) - self._ended.keys()) and time.monotonic() < deadline:
            gevent.sleep(LOOK_EVERY_SECONDS)
        if waiting:
            logger.warning("No last report from %s", ", ".join(sorted(waiting)))

    def lost(self) -> list[str]:
        """Workers whose last report is missing, or came long before the end."""
        ending = self._ending_since or time.monotonic()
        early = [worker for worker, ended in self._ended.items() if ended < ending - LEFT_EARLY_SECONDS]
        return sorted({*early, *(self.known - self._ended.keys())})

    def forget_the_lost(self) -> None:
        """Nobody knows how the users of a lost worker stand."""
        for worker in self.known - self._present():
            self._store.lost(worker)

    def _present(self) -> set[str]:
        return present_workers(self._runner)

    def _on_connect(self, client_id: str, **_: Any) -> None:
        if is_testing(self._runner):
            self.known.add(client_id)

    def _on_report(self, client_id: str, data: dict[str, Any], **_: Any) -> None:
        self._store.add(data.get(FIGURES, []), data.get(SENT_AT), client_id)
        self._store.outliers.merge(data.get(OUTLIERS, []))
        if STANDING in data:
            self._store.saw_standing(client_id, msgspec.convert(data[STANDING], Standing))
        if EFFORT in data:
            self._store.saw_effort(client_id, msgspec.convert(data[EFFORT], Effort))

    def _on_wound_down(self, msg: Any, **_: Any) -> None:
        self._ended.setdefault(msg.node_id, time.monotonic())
