"""--abort-on-breach: only a budget that stays broken after the grace time ends a run."""

import time
from argparse import Namespace
from types import SimpleNamespace

import gevent
import pytest

from reporting.abort import AbortOnBreach
from reporting.verdict.budgets import Judged

KEPT = [Judged("everything", "", "p95", 100, 50, True)]
BROKEN = [Judged("everything", "", "p95", 100, 500, False)]
UNMEASURED = [Judged("role", "admin", "p95", 100, None, False)]
TOO_FEW = [Judged("everything", "", "min_requests", 100, 5, False)]


class Run:
    """As the monitor shows it: in its steady state since a hundred seconds, its budgets another at each look."""

    def __init__(self, *looks, grace=0, headless=True):
        self.ended = []
        options = Namespace(abort_on_breach=True, abort_grace=grace, headless=headless)
        runner = SimpleNamespace(quit=lambda: self.ended.append("quit"), stop=lambda: self.ended.append("stop"))
        self.environment = SimpleNamespace(parsed_options=options, runner=runner)
        self.store = SimpleNamespace(steady_from=time.time() - 100)
        self.state = SimpleNamespace(aborted="")
        self._looks = looks

    def looked_at(self):
        """Looks until the run is aborted or over; returns how often."""
        abort = AbortOnBreach()
        for number, look in enumerate(self._looks, 1):
            self.standing = lambda look=look: look
            abort(self)
            if self.state.aborted:
                gevent.sleep(0)
                return number
        return len(self._looks)


def test_a_budget_that_is_broken_three_times_in_a_row_ends_the_run(monkeypatch):
    monkeypatch.setattr("time.time", lambda: 1_000_000.0)
    run = Run(*[BROKEN] * 9)
    assert run.looked_at() == 3
    assert run.state.aborted.startswith("aborted after 100 s of steady state")


@pytest.mark.parametrize(
    ("looks", "grace"),
    [
        ([BROKEN, BROKEN, KEPT, BROKEN, BROKEN, KEPT], 0),
        ([UNMEASURED] * 9, 0),
        ([TOO_FEW] * 9, 0),
        ([BROKEN] * 9, 200),
    ],
    ids=["recovered", "not measured", "requests still to come", "in the grace time"],
)
def test_a_run_that_may_still_pass_goes_on(looks, grace):
    run = Run(*looks, grace=grace)
    run.looked_at()
    assert (run.state.aborted, run.ended) == ("", [])


@pytest.mark.parametrize(("headless", "way"), [(True, "quit"), (False, "stop")])
def test_the_web_ui_stays_when_its_run_is_aborted(headless, way):
    run = Run(*[BROKEN] * 3, headless=headless)
    run.looked_at()
    assert run.ended == [way]
