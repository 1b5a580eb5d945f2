"""Figures: exact percentiles, phases, windows, history, and nothing lost on the way from worker to master."""

import json
import random

import pytest

from reporting.metrics import recorder as recorder_module
from reporting.metrics.figures import figures_of
from reporting.metrics.histogram import Histogram, rounded
from reporting.metrics.history import MAX_BUCKETS, History
from reporting.metrics.recorder import Recorder
from reporting.metrics.row_kinds import is_sign_in
from reporting.metrics.store import ENDING, RAMP, STEADY, MetricsStore
from reporting.metrics.subjects import ALL, rows_of, subjects_in

PATIENT = {"role": "patient"}


class Clock:
    def __init__(self):
        self.now = 1_000_000.25

    def time(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(recorder_module, "time", clock)
    return clock


@pytest.mark.parametrize("number", [1, 2, 19, 20, 100, 1001])
def test_percentiles_are_exact_below_two_milliseconds(number):
    rng = random.Random(number)
    times = [rng.randrange(2000) for _ in range(number)]
    histogram = Histogram()
    for taken in times:
        histogram.add(Histogram([(taken, 1)]))
    for share in (0.5, 0.95, 0.99, 1.0):
        exact = next(
            taken for taken in sorted(times) if sum(other <= taken for other in times) >= share * number - 1e-9
        )
        assert histogram.percentile(share) == exact / 1000


def test_above_two_milliseconds_three_digits_stay():
    assert [rounded(taken) for taken in (2047, 2048, 2049, 100_000, 100_063, 100_064, 3_600_000_000)] == [
        *(2047, 2048, 2048, 99_968, 100_032, 100_032),
        3_598_712_832,
    ]


def test_each_row_over_time_is_kept_more_roughly_than_its_figures():
    store = MetricsStore()
    store.add([[int(store.started), "admin", "GET", "/", [1001, 2, 1004, 1], [1002, 1]]])
    kept, (over_time,) = store.histogram(rows_of(ALL)), store.history.of(rows_of(ALL))
    assert (kept.ok, kept.failed) == ({1001: 2, 1004: 1}, {1002: 1})
    assert (over_time.ok, over_time.failed) == ({992: 3}, {992: 1})


def test_successful_answers_and_all_answers_have_their_own_percentiles():
    histogram = Histogram(ok=[(10_000, 98)], failed=[(700_000, 2)])
    assert (histogram.requests, histogram.failures) == (100, 2)
    figures = figures_of(histogram, 10)
    assert (figures.ok.p99, figures.all.p99) == (10.0, 700.0)
    assert Histogram(failed=[(5, 1)]).percentile(0.5) is None


def test_two_processes_make_the_same_figures_as_one(clock):
    together, here, there = Recorder(), Recorder(), Recorder()
    rng = random.Random(1)
    for number in range(5000):
        clock.now += 0.01
        answer = {
            "request_type": "GET",
            "name": f"/{rng.randrange(5)}",
            "response_time": rng.expovariate(1 / 80),
            "context": {"role": rng.choice(["admin", "doctor"])},
            "exception": ValueError() if rng.random() < 0.1 else None,
            "response_length": 3,
        }
        together.on_request(**answer)
        (here if number % 3 else there).on_request(**answer)
    one, two = MetricsStore(clock.time), MetricsStore(clock.time)
    one.add(together.drain(everything=True))
    for worker in (here, there):
        two.add(json.loads(json.dumps(worker.drain(everything=True))))
    for subject in subjects_in(one):
        alone, merged = one.histogram(rows_of(subject)), two.histogram(rows_of(subject))
        assert (alone.ok, alone.failed) == (merged.ok, merged.failed)
    assert one.requests == two.requests == 5000


def test_only_complete_seconds_travel_until_the_end(clock):
    recorder = Recorder()
    recorder.on_request("GET", "/", 5, context=PATIENT)
    assert recorder.drain() == []
    clock.now += 1
    recorder.on_request("GET", "/", 7.4, context=PATIENT, exception=ValueError())
    assert recorder.drain() == [[1_000_000, "patient", "GET", "/", [rounded(5000), 1], [], 0]]
    assert recorder.drain(everything=True) == [
        [1_000_001, "patient", "GET", "/", [], [rounded(7400), 1], 0],
        [1_000_001, "GET /", "SAID", "ValueError", [], [rounded(7400), 1], 0],
    ]
    recorder.on_request("GET", "/", 8, context=PATIENT)
    assert recorder.drain(everything=True) == [[1_000_001, "patient", "GET", "/", [rounded(8000), 1], [], 0]]


def test_a_time_counts_as_its_nearest_microsecond(clock):
    recorder = Recorder()
    for taken in (0.4124, 0.4125, 0.4134):
        recorder.on_request("GET", "/", taken)
    assert recorder.drain(everything=True) == [[1_000_000, "", "GET", "/", [412, 1, 413, 2], [], 0]]


def test_the_size_of_an_answer_is_the_mean_of_all_its_bodies(clock):
    recorder, store = Recorder(), MetricsStore()
    for size in (100, 300, 0):
        recorder.on_request("GET", "/", 5, response_length=size)
    store.add(json.loads(json.dumps(recorder.drain(everything=True))))
    assert figures_of(store.histogram(rows_of(ALL)), 1).size == round(400 / 3)


def test_a_request_without_role_or_time_counts(clock):
    recorder = Recorder()
    recorder.on_request("GET", "/", None, context={})
    assert recorder.drain(everything=True) == [[1_000_000, "", "GET", "/", [0, 1], [], 0]]


def test_the_ramp_is_apart_from_the_steady_state_and_the_end():
    clock = Clock()
    store = MetricsStore(clock.time)
    clock.now += 3
    store.reached_its_users()
    clock.now += 3
    store.reached_its_users()
    clock.now += 4
    store.is_stopping()
    for second in range(12):
        store.add([[1_000_000 + second, "admin", "GET", "/", [1, 1], []]])
    counts = {phase: store.histogram(rows_of(ALL), phase).requests for phase in (RAMP, STEADY, ENDING)}
    assert counts == {RAMP: 4, STEADY: 6, ENDING: 2}
    assert (store.seconds(RAMP), store.seconds(STEADY)) == (4, 6)


def test_a_worker_with_a_wrong_clock_is_put_right():
    clock = Clock()
    store = MetricsStore(clock.time)
    store.reached_its_users()
    clock.now += 5
    store.add([[1_007_204, "admin", "GET", "/", [1, 1], []]], sent_at=clock.now + 7200)
    assert store.histogram(rows_of(ALL), STEADY).requests == 1
    assert store.history.buckets == 5


def test_signing_in_is_apart():
    store = MetricsStore()
    store.add(
        [
            [0, "admin", "POST", "/api/auth/login", [80, 1], []],
            [0, "admin", "AUTH", "token refused, signed in again", [3, 1], []],
            [0, "admin", "GET", "/health", [9, 1], []],
            [0, "admin", "JOURNEY", "walk", [900, 1], []],
            [0, "", "LAG", "worker", [900, 1], []],
        ]
    )
    assert store.histogram(rows_of(ALL)).ok == store.histogram(rows_of(("role", "admin"))).ok == {9: 1}
    assert store.histogram(is_sign_in).ok == {80: 1, 3: 1}
    assert store.histogram(rows_of(("journey", "walk"))).ok == {900: 1}
    assert store.requests == 3
    assert subjects_in(store) == [
        ALL,
        ("role", "admin"),
        ("journey", "walk"),
        ("endpoint", "AUTH token refused, signed in again"),
        ("endpoint", "GET /health"),
        ("endpoint", "POST /api/auth/login"),
    ]


def test_a_window_holds_what_comes_in_its_seconds():
    store = MetricsStore(Clock().time)
    window = store.watch(1_000_002, 1_000_004)
    for second in range(6):
        store.add([[1_000_000 + second, "admin", "GET", "/", [second, 1], []]])
    assert window.histogram(rows_of(ALL)).ok == {2: 1, 3: 1}
    assert [part.ok for part in window.parts(rows_of(ALL))] == [{2: 1}, {3: 1}]
    assert window.seconds == 2
    beginning = window.first(1)
    assert (beginning.histogram(rows_of(ALL)).ok, beginning.seconds) == ({2: 1}, 1)
    assert window.first(9).seconds == 2


def test_a_long_run_is_told_more_roughly_and_loses_nothing():
    history = History()
    for second in range(5 * MAX_BUCKETS):
        history.add(("admin", "GET", "/"), second, Histogram([(5, 1)]))
        history.saw_users(second, second)
    assert history.interval == 8
    assert history.buckets <= MAX_BUCKETS
    told = history.of(lambda row: True)
    assert sum(histogram.requests for histogram in told) == 5 * MAX_BUCKETS
    assert {histogram.requests for histogram in told[:-1]} == {8}
    assert history.users[0] == 7
