"""The smoke run: every route of the API is seen to work, in one short run that ends by itself."""

import re
import signal
import time

import pytest

from tests.processes import SPAWNED, own_workers


@pytest.fixture
def start_coverage_run(start_locust, tmp_path):
    """`start_coverage_run(*options)`: a smoke run that hardly thinks."""
    smoke = ("--config", "config/scenarios/smoke.conf", "--think-time", "0-0.02", "--results", str(tmp_path))
    return lambda *args: start_locust(*smoke, *args)


def test_a_smoke_run_sees_107_of_107_routes_without_a_failure(start_coverage_run):
    locust = start_coverage_run()
    assert locust.wait() == 0, locust.output
    assert "Every user has done each of its tasks" in locust.output
    assert "Routes seen: 107 of 107" in locust.output


def test_a_coverage_run_on_two_workers_sees_them_too(start_coverage_run):
    locust = start_coverage_run(*own_workers())
    assert locust.wait() == 0, locust.output
    assert "Routes seen: 107 of 107" in locust.output


def test_a_coverage_run_that_misses_routes_names_them_and_fails(start_coverage_run):
    locust = start_coverage_run("PatientUser", "--think-time", "0.1-0.2")
    assert locust.wait() == 1, locust.output
    assert "Route not seen: POST /api/users (no task of this run came to it)" in locust.output
    assert "Route not seen: GET /api/doctors/{id}" not in locust.output
    assert re.search(r"^- \d+ of 107 routes were not seen: POST /", locust.output, re.MULTILINE)


def test_a_coverage_run_that_is_ended_before_its_end_says_nothing(start_coverage_run):
    locust = start_coverage_run("--think-time", "1-1")
    locust.wait_for_line(SPAWNED)
    time.sleep(2)
    assert locust.stop(signal.SIGINT) == 3, locust.output
    assert re.search(r"^- it was ended before every user had done each of its tasks: \d+ of 107", locust.output, re.M)
