"""What is said while a run goes: nothing is called broken before it can be judged, and a search is not one load."""

from types import SimpleNamespace

import pytest

from config.budget_file import Budget
from reporting.metrics.figures import figures_of
from reporting.metrics.store import STEADY, MetricsStore
from reporting.metrics.subjects import ALL, rows_of
from reporting.verdict.budgets import Judged, judge
from reporting.verdict.run_data import RunState
from reporting.views.live import Progress, fitted, worst
from reporting.views.prometheus import StoreCollector
from users.run_context import LoadPlan, run_context

BUDGETS = (
    Budget("everything", "", "p95", 100),
    Budget("everything", "", "min_rate", 5),
    Budget("everything", "", "min_requests", 1000),
)
START = 1_000_000


class Run:
    """What a monitor tells of a run that the test makes up, second by second."""

    def __init__(self, searches=False):
        self.now = START
        self.store = MetricsStore(lambda: self.now)
        self.state = RunState()
        runner = SimpleNamespace(user_count=80, target_user_count=80)
        options = SimpleNamespace(run_time=None)
        self.environment = SimpleNamespace(runner=runner, parsed_options=options)
        run_context(self.environment).load = LoadPlan(shaped=searches, searches=searches)

    def standing(self):
        figures = figures_of(self.store.histogram(rows_of(ALL), STEADY), self.store.seconds(STEADY))
        return judge({ALL: figures}, BUDGETS)

    def go(self, seconds, requests=1, took=20):
        for _ in range(seconds):
            self.store.add([[self.now, "admin", "GET", "/", [took * 1000, requests], []]])
            self.now += 1


@pytest.fixture
def line(monkeypatch):
    def of(run):
        monkeypatch.setattr("time.time", lambda: run.now)
        progress = Progress(SimpleNamespace(isatty=lambda: False))
        progress._counts.append((0.0, 0))
        return progress.line(run)

    return of


def kept(run):
    (family,) = [family for family in StoreCollector(run).collect() if family.name == "cms_budget_kept"]
    return {sample.labels["metric"]: sample.value for sample in family.samples}


def test_a_floor_is_not_called_broken_before_it_can_be_reached(line):
    run = Run()
    run.store.reached_its_users()
    run.go(1)
    assert line(run).endswith("no budget measured yet")
    run.go(4)
    assert line(run).endswith("everything p95 20 of at most 100 ms")
    assert kept(run) == {"p95": 1}
    run.go(20)
    assert line(run).endswith("BROKEN: everything min_rate 1 of at least 5 req/s")
    assert kept(run) == {"p95": 1, "min_rate": 0}


def test_before_a_test_no_budget_is_broken_for_prometheus():
    assert kept(Run()) == {}


def test_a_search_shows_the_step_that_it_measures_and_no_budget(line):
    run = Run(searches=True)
    run.store.reached_its_users()
    run.go(10, took=1060)
    assert "| p95 - ms | 0 failed | step of 80 users: settling" in line(run)
    run.store.watch(run.now + 2, run.now + 8)
    run.go(2, took=1060)
    run.go(4, took=30)
    assert "| p95 30 ms | 0 failed | step of 80 users: measuring" in line(run)
    run.go(4, took=1060)
    assert "| p95 - ms | 0 failed | step of 80 users: settling" in line(run)


def test_in_a_narrow_terminal_figures_and_the_nearest_budget_stay():
    what = {"time": "0:54 left", "users": "10 users", "figures": ["58 req/s", "p95 12 ms", "0 failed"]}
    state = "everything p95 12 of at most 800 ms"
    assert fitted(**what, state=state, width=200) == (
        "0:54 left | 10 users | 58 req/s | p95 12 ms | 0 failed | everything p95 12 of at most 800 ms"
    )
    assert fitted(**what, state=state, width=60) == "58 req/s | p95 12 ms | 0 failed | everything p95 12 of 800 ms"[:60]
    for width in range(20, 120):
        line = fitted(**what, state=state, width=width)
        assert len(line) <= width
        assert line.endswith(("800 ms",)) or width < 61
    assert len(fitted(**what, state=state, width=30)) == 30


def test_a_floor_is_near_only_when_it_is_near():
    far, near = (Judged("everything", "", "min_rate", 10, value, ok=True) for value in (58.0, 11.0))
    time = Judged("everything", "", "p95", 800, 12, ok=True)
    assert worst([far, time]) == "everything p95 12 of at most 800 ms"
    assert worst([near, time]).startswith("everything min_rate 11")
    assert worst([far]).startswith("everything min_rate 58")
