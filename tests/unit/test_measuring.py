"""Measuring: what of the store becomes which figure, and how a process of the generator measures itself."""

from locust.env import Environment

from types import SimpleNamespace

import gevent

from api.endpoints import SIGN_IN
from reporting.metrics import lag
from reporting.metrics.figures import figures_now, figures_of, judged_figures, measured, processes
from reporting.metrics.histogram import Histogram
from reporting.metrics.lag import LagMeter
from reporting.metrics.local_recording import record
from reporting.metrics.measurements import Figures, Process, Times
from reporting.metrics.recorder import CPU, LAG, PACE
from reporting.metrics.store import MetricsStore
from reporting.metrics.subjects import ALL, ENDPOINT
from reporting.metrics.timeline import timeline_of
from users.roster import Overdue, Standing
from users.run_context import run_context


def book_of(ramp, steady):
    """A store whose run had so many seconds of each."""
    now = 1_000_000.25
    store = MetricsStore(lambda: now)
    now += ramp - 1
    store.reached_its_users()
    now += steady + 1
    store.is_stopping()
    return store


def test_figures_count_failures_but_only_successful_answers_have_the_times_of_budgets():
    figures = figures_of(Histogram(ok=[(1001, 98)], failed=[(700_000, 2)]), seconds=10)
    assert figures == Figures(100, 2, 10.0, ok=Times(*[1.001] * 4), all=Times(1.001, 1.001, 700, 700), size=0)


def test_signing_in_is_judged_over_the_whole_run_and_other_routes_over_the_steady_state():
    store = book_of(ramp=4, steady=6)
    for second in range(10):
        store.add([[1_000_000 + second, "admin", "GET", "/health", [9, 1], []]])
        store.add([[1_000_000 + second, "admin", SIGN_IN.method, SIGN_IN.path, [80, 1], []]])
    judged = judged_figures(store)
    assert judged[ENDPOINT, "GET /health"].requests == 6
    assert judged[ENDPOINT, str(SIGN_IN)].requests == 10
    listed = measured(store, (ENDPOINT, str(SIGN_IN)), judged[ENDPOINT, str(SIGN_IN)])
    assert (listed.ramp.requests, listed.steady.requests) == (4, 6), "in the lists each phase has its own"


def test_what_a_process_measures_of_itself_is_no_request():
    store = book_of(ramp=4, steady=6)
    store.add([[1_000_005, "", kind, "worker", [900, 20], []] for kind in (LAG, CPU, PACE)], process="worker")
    assert store.requests == store.sent_by["worker"] == 0
    assert judged_figures(store)[ALL].requests == 0


def test_what_waits_for_its_answer_has_failed_while_the_run_goes_on_and_in_the_end_only_if_it_never_came():
    store = MetricsStore(lambda: 1_000_000.25)
    store.reached_its_users()
    waiting = [Overdue("admin", "GET", "/health", 7000), Overdue("admin", "GET", "/other", 9000)]
    store.saw_standing("worker", Standing(settled=2, overdue=waiting))
    subject = (ENDPOINT, "GET /health")
    assert figures_now(store, [subject])[subject] == Figures(1, 1, 0.0, all=Times(*[6995.968] * 4), size=0)
    assert judged_figures(store, [subject])[subject].requests == 0
    store.saw_standing("worker", Standing(settled=2))
    assert figures_now(store, [subject])[subject].requests == 0


def test_lag_is_that_of_the_steady_state_and_cpu_that_of_the_ramp_too():
    store = book_of(ramp=4, steady=6)
    store.add([[1_000_001, "", "LAG", "worker", [900_000, 1], []], [1_000_001, "", "CPU", "worker", [95_000, 1], []]])
    store.add([[1_000_005, "", "LAG", "worker", [1000, 98, 150_000, 1, 300_000, 1], []]])
    store.add([[1_000_005, "", "CPU", "worker", [20_000, 1], []]])
    assert processes(store) == {"worker": Process(lag_p99=150, lag_max=300, cpu_max=95)}


def test_an_interval_that_began_in_the_ramp_is_not_steady():
    store = book_of(ramp=5, steady=395)
    for second in range(400):
        store.add([[1_000_000 + second, "admin", "GET", "/", [1, 1], []]])
    timeline = timeline_of(store)
    assert (timeline.interval, timeline.steady_from, timeline.steady_to) == (2, 3, 200)


def test_lag_is_how_much_longer_than_asked_a_pause_was(monkeypatch):
    now, noted = 0.0, []
    wait = gevent.sleep

    def sleep(seconds):
        nonlocal now
        now += seconds + 0.03
        wait(0)

    monkeypatch.setattr(lag, "time", SimpleNamespace(perf_counter=lambda: now))
    monkeypatch.setattr(lag, "gevent", SimpleNamespace(spawn=gevent.spawn, sleep=sleep))
    meter = LagMeter(lambda *one: noted.append(one))
    meter.start()
    wait(0.01)
    meter.stop()
    assert {round(late) for kind, late in noted if kind == LAG} == {30}
    assert [kind for kind, _ in noted] == [LAG, PACE] * (len(noted) // 2), "at each look, a bit of work is timed, too"


def test_what_came_before_the_load_is_no_part_of_the_run():
    environment = Environment()
    events = environment.events
    recorder = record(environment, "worker")
    events.usage_monitor.fire(cpu_usage=100.0)
    run_context(environment).load_start.fire()
    events.test_stopping.fire()
    assert recorder.drain(everything=True) == []
