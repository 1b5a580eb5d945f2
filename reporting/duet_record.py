"""What a duet has measured besides NEW: the figures of OLD, in a store of their own, and the pairs."""

from locust.env import Environment
from locust.runners import MasterRunner, WorkerRunner

import time
from typing import Any

from api.endpoints import SIGN_IN
from config.options import options_of
from reporting.metrics.figures import judged_figures
from reporting.metrics.pairs import Cell, PairBook, PairHistory
from reporting.metrics.recorder import Recorder
from reporting.metrics.seconds import Usual
from reporting.metrics.store import RAMP, THIS_PROCESS, MetricsStore, clock_shift
from reporting.metrics.subjects import ENDPOINT, Subject, rows_of, subjects_in
from reporting.verdict.duet_report import DuetData
from users.run_context import RunContext, run_context

OLD_FIGURES, PAIRS, SENT_AT, OUTSIDE = "figures_of_old", "pairs", "pairs_sent_at", "outside_of_old"


class DuetRecord:
    """On one process. `other` is the environment in which OLD's users live: nothing of it reaches Locust's own rows.

    Those would put two systems into one total, one rate and one list of failures.
    """

    def __init__(self, environment: Environment, other: Environment) -> None:
        self.other = other
        self.pairs = PairBook()
        self._environment = environment
        self._recorder = Recorder()
        self.store = MetricsStore()
        self._history = PairHistory()
        self._outside: dict[str, int] = {}

    def attach(self) -> None:
        """To be called before the run's monitor is: what comes last must be there when it judges."""
        events, runner = self._environment.events, self._environment.runner
        self.other.events.request.add_listener(self._recorder.on_request)
        run_context(self.other).journey.add_listener(self._recorder.on_journey)
        run_context(self._environment).load_start.add_listener(self._begin)
        events.test_stopping.add_listener(self._stopping)
        if isinstance(runner, WorkerRunner):
            events.report_to_master.add_listener(self._report)
            return
        events.spawning_complete.add_listener(lambda **_: self.store.reached_its_users())
        if isinstance(runner, MasterRunner):
            events.worker_report.add_listener(self._take_over)
        else:
            events.test_stop.add_listener(lambda **_: self.collect(everything=True))

    def collect(self, _: object = None, everything: bool = False) -> None:
        """Called every second of a test; a master's comes from its workers."""
        if not isinstance(self._environment.runner, MasterRunner):
            self.store.add(self._recorder.drain(everything))
            self._history.add(self.pairs.drain(), int(self.store.started))
        if self.store.book.must_be_packed(int(time.time())):
            self.store.book.pack(Usual(), int(time.time()))

    def data(self) -> DuetData:
        """All that is known when the run is judged."""
        options = options_of(self._environment)
        subjects = subjects_in(self.store)
        pairs = {subject: self._cells(subject) for subject in subjects}
        return DuetData(
            against=str(options.against),
            sandbox_args=str(options.against_sandbox_args or ""),
            pairs=pairs,
            old=judged_figures(self.store, subjects),
            outside=sum(self._outside.values()),
        )

    def _cells(self, subject: Subject) -> list[Cell]:
        """Of the steady state; but of signing in, which is over by then, of all."""
        length = self._history.interval
        first = 0 if subject == (ENDPOINT, str(SIGN_IN)) else -(-self.store.seconds(RAMP) // length)
        return self._history.of(rows_of(subject), range(first, self.store.seconds() // length))

    def _begin(self, **_: Any) -> None:
        self._recorder.forget()
        self.pairs.forget()
        self.store.open()
        self._history = PairHistory()
        self._outside = {}

    def _stopping(self, **_: Any) -> None:
        self._outside[THIS_PROCESS] = self._users_outside()
        self._recorder.is_ending()
        self.store.is_stopping()

    def _report(self, data: dict[str, Any], **_: Any) -> None:
        """Of a second that goes on, too: what a second is told of in two parts is put together again."""
        data[OLD_FIGURES] = self._recorder.drain(everything=True)
        data[PAIRS] = self.pairs.drain()
        data[SENT_AT] = time.time()
        data[OUTSIDE] = self._outside.get(THIS_PROCESS, 0)

    def _take_over(self, client_id: str, data: dict[str, Any], **_: Any) -> None:
        sent_at = data.get(SENT_AT)
        self.store.add(data.get(OLD_FIGURES, []), sent_at, client_id)
        shift = clock_shift(time.time(), sent_at)
        self._history.add(data.get(PAIRS, []), int(self.store.started) - shift)
        self._outside[client_id] = data.get(OUTSIDE, 0)

    def _users_outside(self) -> int:
        """Users of OLD that do not get in."""
        standing = run_context(self.other).roster.standing(0)
        return sum(standing.unsettled.values())


def duet_of(context: RunContext) -> DuetRecord | None:
    """None when the run is no duet."""
    try:
        return context.part(DuetRecord)
    except KeyError:
        return None
