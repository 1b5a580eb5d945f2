"""Ctrl-C at any moment: a clear last word, no traceback, and nothing lost that was measured."""

import os
import signal
import time

import pytest

from tests.processes import SPAWNED, free_port, own_workers

WAITING_MASTER = ("--master", "--expect-workers", "2", "--master-bind-host", "127.0.0.1", "--master-bind-port")


def test_while_the_cms_is_asked_before_the_load(start_locust, start_sandbox, tmp_path):
    slow = start_sandbox("--latency", "500")
    locust = start_locust("--headless", "-u", "2", "-t", "20s", "--scenario", "light", "--host", slow.url)
    locust.wait_for_line("Seed of this run")
    assert locust.stop(signal.SIGINT) == 130
    assert "interrupted before the load: nothing was measured" in locust.output
    assert "Traceback" not in locust.output
    assert list((tmp_path / "results").glob("*")) == []


def test_while_the_master_waits_for_workers(start_locust, sandbox):
    locust = start_locust("--headless", "-t", "20s", "--host", sandbox.url, *WAITING_MASTER, str(free_port()))
    locust.wait_for_line("writes are allowed")
    time.sleep(1)
    assert locust.stop(signal.SIGINT) == 130
    assert "interrupted before the load: nothing was measured" in locust.output
    assert "Traceback" not in locust.output


@pytest.mark.parametrize("processes", ["1", "2"])
def test_in_a_terminal_with_workers_of_its_own_no_worker_is_lost(start_locust, tmp_path, processes):
    """A terminal sends Ctrl-C to the whole group: to the master and to its workers."""
    people = ("-u", "6", "-r", "6", "--think-time", "0.1-0.3", "--slo", str(tmp_path / "slo.toml"))
    (tmp_path / "slo.toml").write_text("[everything]\np95 = 20000\n")
    locust = start_locust("--headless", "-t", "60s", *people, *own_workers(processes))
    locust.wait_for_line(SPAWNED)
    time.sleep(3)
    os.killpg(locust.pid, signal.SIGINT)
    assert locust.wait() == 3, locust.output
    assert "INVALID" in locust.output
    assert "the schedule was missed: the run ended after" in locust.output
    assert "was lost" not in locust.output
    assert "Traceback" not in locust.output
