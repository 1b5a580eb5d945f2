"""SIGTERM, SIGHUP and Ctrl-C at any moment; and runs that start at the same time."""

import json
import signal

import psutil
import pytest

from tests.processes import SPAWNED, free_port

PEOPLE = ("-u", "4", "-r", "4", "--think-time", "0.1-0.3")
ENDINGS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


def budgets(tmp_path):
    path = tmp_path / "slo.toml"
    path.write_text("[everything]\nfailure_ratio = 0.01\n")
    return ("--slo", str(path))


def verdicts(tmp_path):
    return [json.loads(path.read_text("utf-8")) for path in (tmp_path / "results").glob("*/verdict.json")]


@pytest.mark.parametrize("number", ENDINGS)
@pytest.mark.parametrize("scenario", [(), ("--scenario", "light")], ids=["ad hoc", "scenario"])
def test_a_web_ui_that_started_no_test_leaves_nothing(start_locust, tmp_path, number, scenario):
    locust = start_locust("--web-port", str(free_port()), *scenario)
    locust.wait_for_line("Seed of this run")
    assert locust.stop(number) in (0, 128 + number), locust.output
    assert "Traceback" not in locust.output
    assert "INVALID" not in locust.output
    assert not (tmp_path / "results").exists()


STARTING = """
from locust import events

import gevent
from gevent.monkey import get_original


@events.init.add_listener
def linger(**_):
    print("still starting", flush=True)
    for _ in range(6000):
        SLEEP(0.1)  # a signal that comes just before a long sleep begins would be heard after it


from locustfile import *
"""


@pytest.mark.parametrize("number", ENDINGS)
@pytest.mark.parametrize("sleep", ["get_original('time', 'sleep')", "gevent.sleep"], ids=["busy", "in the hub"])
def test_a_signal_while_locust_starts_leaves_nothing(start_locust, tmp_path, number, sleep):
    starting = tmp_path / "starting.py"
    starting.write_text(STARTING.replace("SLEEP", sleep))
    options = ("--headless", "--scenario", "light", "-t", "20s", *PEOPLE, "-f", str(starting))
    locust = start_locust(*options, env={"PYTHONPATH": "."})
    locust.wait_for_line("still starting")
    assert locust.stop(number) == 128 + number, locust.output
    assert "interrupted before the load: nothing was measured" in locust.output
    assert "Traceback" not in locust.output
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_in_the_preflight_leaves_nothing(start_locust, tmp_path, number):
    slow = ("--sandbox-args", "--latency 1000")
    locust = start_locust("--headless", "--scenario", "light", "-t", "20s", *PEOPLE, *slow)
    locust.wait_for_line("Seed of this run")
    started = psutil.Process(locust.pid).children(recursive=True)
    assert started
    assert locust.stop(number) == 143, locust.output
    assert "interrupted before the load: nothing was measured" in locust.output
    assert "Traceback" not in locust.output
    assert not (tmp_path / "results").exists()
    assert psutil.wait_procs(started, 10)[1] == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("shape", [(), ("-f", "locustfile.py,load/spike.py")], ids=["plain", "a shape"])
def test_a_signal_in_the_load_ends_it_with_verdict_and_clean_up(start_locust, sandbox, tmp_path, number, shape):
    before = sandbox.rows()
    options = ("--scenario", "light", *PEOPLE, *budgets(tmp_path), *shape)
    locust = start_locust("--headless", "--host", sandbox.url, *options)
    locust.wait_for_line(SPAWNED)
    assert locust.stop(number) in (0, 1, 3), locust.output
    assert "Clean-up of" in locust.output
    assert "Traceback" not in locust.output
    assert len(verdicts(tmp_path)) == 1
    assert sandbox.rows() == before


def test_runs_with_workers_that_start_at_once_do_not_meet(start_locust, tmp_path):
    options = ("--headless", "-t", "6s", "--scenario", "light", *PEOPLE, *budgets(tmp_path), "--processes", "2")
    runs = [start_locust(*options) for _ in range(2)]
    for locust in runs:
        assert locust.wait(90) == 0, locust.output
        assert "Traceback" not in locust.output
    assert [verdict["generator"]["workers"] for verdict in verdicts(tmp_path)] == [2, 2]
    assert [verdict["users"]["reached"] for verdict in verdicts(tmp_path)] == [4, 4]
