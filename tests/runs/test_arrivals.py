"""The open model: people come at their rate whatever the server does, so that a server that stalls cannot hide it."""

import os
import signal
import time

import pytest

from tests.processes import SPAWNED, own_workers
from tests.runs.conftest import rows_of

SCENARIO = ("--config", "config/scenarios/arrivals.conf", "--only-summary")
RATE = 40
STARTED, MISSED = "ARRIVAL started (ms too late)", "ARRIVAL missed"


@pytest.fixture
def start_arrivals(start_locust, tmp_path):
    """`start_arrivals(host, *options, seconds=...)`: patients who read, at RATE per second."""

    def start(host, *options, seconds, users=250):
        return start_locust(
            *(*SCENARIO, "PatientUser", "--read-only", "--host", host, "-t", f"{seconds}s", "-u", str(users)),
            *("--arrival-rate", str(RATE), "--results", str(tmp_path), "--csv", str(tmp_path / "run"), *options),
        )

    return start


@pytest.fixture
def rows(tmp_path):
    return lambda: rows_of(tmp_path / "run_stats.csv")


def test_a_server_that_stalls_cannot_hide(start_arrivals, sandbox, rows):
    locust = start_arrivals(sandbox.url, seconds=12)
    locust.wait_for_line(SPAWNED)
    time.sleep(3)
    os.kill(sandbox.pid, signal.SIGSTOP)
    time.sleep(5)
    os.kill(sandbox.pid, signal.SIGCONT)
    locust.wait()
    assert int(rows()[STARTED]["Request Count"]) > 0.9 * 12 * RATE
    assert MISSED not in rows()
    # Five of twelve seconds' people came while nobody was served: they waited from none to five seconds.
    total = rows()[" Aggregated"]
    assert float(total["75%"]) > 1000
    assert float(total["95%"]) > 3000
    assert float(total["50%"]) < float(total["95%"]) / 2, "who came before or after did not wait so long"


def test_missed_starts_are_counted_and_told(start_arrivals, start_sandbox, rows):
    slow = start_sandbox("--latency", "200")
    locust = start_arrivals(slow.url, "--arrival-patience", "1", seconds=6, users=2)
    assert locust.wait() == 3, locust.output
    told = locust.wait_for_line(r"Arrivals: (\d+) started, (\d+) missed their start")
    started, missed = (int(number) for number in told.groups())
    assert started + missed > 0.85 * 5 * RATE  # those of the last second still had time
    assert missed > started
    assert "more --users, or a faster clinic" in locust.output
    assert 0 < int(rows()[MISSED]["Failure Count"]) <= missed


def test_the_rate_is_that_of_all_workers_together(start_arrivals, sandbox):
    locust = start_arrivals(sandbox.url, *own_workers(), seconds=8)
    assert locust.wait() == 0, locust.output
    started = int(locust.wait_for_line(r"Arrivals: (\d+) started, 0 missed").group(1))
    assert 0.75 * 8 * RATE < started <= 8 * RATE + RATE


def test_arrivals_that_still_wait_in_time_when_the_run_ends_have_not_missed_it(start_arrivals, start_sandbox, rows):
    """Two users serve what forty people a second want: at the end many wait, but none for longer than allowed."""
    slow = start_sandbox("--latency", "200")
    locust = start_arrivals(slow.url, "--arrival-patience", "600", seconds=4, users=2)
    locust.wait()
    assert MISSED not in rows()
    assert "the schedule was missed" not in locust.output
