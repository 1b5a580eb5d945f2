"""Watching the API's process: what is found, what is refused in one line, and what ran out first."""

from locust.event import Events

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import gevent
import psutil
import pytest
from msgspec.structs import replace

from config.errors import SetupError
from reporting.metrics.database import Database
from reporting.metrics.resources import MAX_POINTS, Resource, ResourceBook, Sample
from reporting.metrics.store import MetricsStore
from reporting.metrics.timeline import Series, Timeline
from reporting.verdict.budgets import Judged
from reporting.verdict.ran_out import Watched, first_breach, most_text, watched
from reporting.views.charts import resource_charts
from run import watch_process
from run.watch_process import ProcessSource
from run.watching import Watching

CPU = "the API's CPU"


@pytest.fixture
def sleeper():
    """A process that does nothing, until it is ended."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    yield process
    process.kill()
    process.communicate()


def test_a_process_is_watched_by_its_number(sleeper):
    source = ProcessSource(f"pid:{sleeper.pid}")
    source.start()
    time.sleep(0.01)  # or no time has passed in which it could have been busy
    names = [sample.series for sample in source.sample()]
    assert {"memory", "open files", "CPU of this machine"} <= set(names)
    assert names[0].endswith(f" {sleeper.pid}")
    assert source.findings() == []


def test_a_process_is_watched_by_its_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        source = ProcessSource(f"port:{listener.getsockname()[1]}")
        source.start()
        assert source.sample()


def test_a_process_that_ends_is_told_once_and_a_new_one_on_its_port_is_taken_up(sleeper, monkeypatch):
    listening = [sleeper.pid]
    monkeypatch.setattr(watch_process, "_listening_on", lambda port: listening[0])
    source = ProcessSource("port:5000")
    source.start()
    assert source.sample()
    sleeper.send_signal(signal.SIGKILL)
    while psutil.Process(sleeper.pid).status() != psutil.STATUS_ZOMBIE:  # as long as nobody asks how it ended
        time.sleep(0.01)
    listening[0] = None
    assert [source.sample(), source.sample()] == [(), ()]
    listening[0] = os.getpid()
    assert source.sample()
    ended, taken = source.findings()
    assert ended.startswith(f"The watched process {sleeper.pid} ended at ")
    assert taken.startswith(f"Port 5000 was taken by a new process, {os.getpid()}, at ")


@pytest.mark.parametrize("given", ["x", "pid:", "pid:x", "host:5", "0", "-4", "port:0"])
def test_what_is_no_process_is_refused(given):
    with pytest.raises(SetupError, match=r"is no process: write its number, pid:4711, or port:5000"):
        ProcessSource(given).start()


def test_a_process_that_is_gone_and_a_port_that_nobody_listens_on_are_refused(monkeypatch, sleeper):
    sleeper.kill()
    sleeper.wait()
    with pytest.raises(SetupError, match=rf"there is no process {sleeper.pid}: name the API's process, or its port"):
        ProcessSource(f"pid:{sleeper.pid}").start()
    with pytest.raises(SetupError, match=r"there is no process 9{20}"):
        ProcessSource(f"pid:{'9' * 20}").start()
    monkeypatch.setattr(watch_process, "_listening_on", lambda port: None)
    with pytest.raises(SetupError, match=r"listens on port 5000"):
        ProcessSource("port:5000").start()
    monkeypatch.setattr(watch_process, "_listening_on", lambda port: os.getpid())
    with pytest.raises(SetupError, match=r"is a process and a port: write pid:"):
        ProcessSource(str(os.getpid())).start()


class Scripted:
    """A source that gives these samples in turn, and raises what is an exception among them."""

    def __init__(self, *samples):
        self._samples = list(samples)

    def start(self): ...

    def sample(self):
        found = self._samples.pop(0) if len(self._samples) > 1 else self._samples[0]
        if isinstance(found, Exception):
            raise found
        return found

    def findings(self):
        return ["It rained"]


def test_a_source_that_fails_ends_the_watching_and_nothing_else(monkeypatch, capfd):
    monkeypatch.setattr("run.watching.LOOK_EVERY_SECONDS", 0.0)
    events, store = Events(), MetricsStore()
    Watching(events, [Scripted([Sample(CPU, "%", 5.0)], OSError("gone"))], lambda: store).attach()
    events.test_start.fire()
    with gevent.Timeout(60):
        while len(store.resources.findings) < 2:
            gevent.sleep(0.01)
    assert store.resources.findings == ["It rained", "Watching ended with OSError"]
    assert [(one.name, one.most) for one in store.resources.all()] == [(CPU, 5.0)]
    events.test_stopping.fire()
    assert "Traceback" not in capfd.readouterr().err


def test_a_long_series_keeps_its_peaks():
    book = ResourceBook()
    for second in range(3 * MAX_POINTS):
        book.add(second, [Sample(CPU, "%", 100.0 if second == 777 else 1.0, 100.0)])
    (found,) = book.all()
    assert len(found.points) <= MAX_POINTS
    assert (found.most, found.points[-1][0]) == (100.0, 3 * MAX_POINTS - 1)


BROKEN = Judged("everything", "", "p95", 500, 900, False)
STARTED = "2026-01-01T20:00:00+00:00"


@dataclass
class Run:
    resources: list
    found_of_resources: tuple = ()
    database: Database | None = None
    slow_from: int = 190
    steady_rows: dict = field(default_factory=dict)
    started: str = STARTED

    @cached_property
    def timeline(self):
        p95 = [40 if second < self.slow_from else 900 for second in range(300)]
        p95[100] = 900
        series = Series([9] * 300, [0] * 300, p95, p95, p95)
        return Timeline(1, 10, 300, [9] * 300, series, {}, {}, {})


def used(*spells, name=CPU, full=100.0):
    """`(seconds, value)` one after the other."""
    values = [value for seconds, value in spells for _ in range(seconds)]
    return Resource(name, "% of a core", full, list(enumerate(values)))


def told(*resources, **run):
    return watched(Run(list(resources), **run), [BROKEN]).sentences


def test_what_was_full_when_the_budget_was_left_ran_out_first():
    memory = used((300, 20), name="memory", full=100.0)
    assert told(memory, used((188, 50), (112, 98))) == [
        "Everything p95 left its budget at 20:03:10, when the API's CPU reached 100 % of a core"
    ]
    machine = used((165, 50), (135, 98), name="the machine's CPU")
    assert told(machine, used((188, 50), (112, 98)))[0].endswith("when the API's CPU reached 100 % of a core")
    assert told(used((170, 50), (130, 98))) == [
        "Everything p95 left its budget at 20:03:10, 20 s after the API's CPU reached 100 % of a core"
    ]
    assert told(used((20, 50), (280, 98))) == [
        "Everything p95 left its budget at 20:03:10; the API's CPU had been at 100 % of a core since 20:00:20"
    ]


def test_what_was_too_slow_from_the_start_did_not_become_so_when_something_ran_out():
    always = "Everything p95 was above its budget from the start of the steady state"
    assert told(used((5, 10), (12, 98), (283, 30)), slow_from=0) == [
        f"{always}, and nothing that was watched had run out "
        "(the API's CPU 30 % of a core): it waits for something else"
    ]
    assert told(used((300, 98)), slow_from=0) == [f"{always}, and the API's CPU at 100 % of a core most of the time"]
    assert told(used((300, 84)), slow_from=0) == [f"{always}, and the API's CPU at 84 % of a core most of the time"]


def test_a_thread_that_has_to_share_its_core_is_used_up_before_it_has_a_whole_one():
    need = replace(used((188, 50), (112, 97), name="the need of node 4711 for a core"), unit="% of a thread")
    assert told(used((300, 40)), need)[0].endswith("when the need of node 4711 for a core reached 100 % of a thread")
    machine = replace(used((189, 50), (111, 98), name="the machine's CPU"), unit="%")
    assert told(machine, used((300, 40)), need)[0].endswith("for a core reached 100 % of a thread")


@pytest.mark.skipif(not Path("/proc/self/schedstat").exists(), reason="only Linux tells how long a thread waits")
def test_what_a_thread_waits_for_a_core_is_seen(sleeper):
    source = ProcessSource(f"pid:{sleeper.pid}")
    source.start()
    source.sample()
    needs = [sample for sample in source.sample() if sample.series.startswith("the need of ")]
    assert [(sample.unit, sample.full) for sample in needs] == [("% of a thread", 100.0)]
    assert 0 <= needs[0].value <= 100


def test_when_nothing_was_full_it_waits_for_something_else():
    assert told(used((300, 35)), used((300, 5), name="threads", full=None)) == [
        "Everything p95 left its budget at 20:03:10, and nothing that was watched had run out "
        "(the API's CPU 35 % of a core): it waits for something else"
    ]
    assert told(used((50, 10), (2, 99), (248, 10)))[0].endswith("it waits for something else")


def test_what_the_database_shows_is_what_it_waits_for():
    seen = Database(name="cms", most_connections=97, allowed_connections=97)
    run = Run([used((300, 35))], database=seen)
    assert watched(run, [BROKEN]).sentences == ["97 of the 97 connections that the database allows were open"]


def test_a_budget_that_was_kept_blames_nothing():
    kept = Judged("everything", "", "p95", 500, 400, True)
    found = watched(Run([used((300, 98))], found_of_resources=("It ended at 20:01:00",)), [kept])
    assert found == Watched(["It ended at 20:01:00"], {"the API's CPU, % of a core": 98.0})
    assert most_text(found) == "At most: the API's CPU 98 % of a core"
    assert most_text(Watched([], {"CPU, % of a core": 2.0, "sessions that wait for a lock": 0.0})) == (
        "At most: CPU 2 % of a core"
    )
    assert watched(Run([]), [BROKEN]) is None


def test_the_budget_that_was_left_first_is_told_and_one_slow_second_leaves_none():
    timeline = Run([]).timeline
    assert first_breach([BROKEN], timeline) == (BROKEN, 190)
    few = Run([], slow_from=0)
    for second in range(12, 300, 3):
        few.timeline.everything.p95[second] = None
    assert first_breach([BROKEN], few.timeline) == (BROKEN, 10)
    role = Judged("role", "nobody", "p95", 5, 900, False)
    ratio = Judged("everything", "", "failure_ratio", 0.01, 0.5, False)
    assert first_breach([role, ratio], timeline) is None


def test_what_was_watched_is_drawn_with_the_highest_value_of_each_interval():
    run = Run([])
    timeline = replace(run.timeline, interval=2, steady_to=150, resources=[used((100, 10), (1, 90), (199, 10))])
    (chart,) = resource_charts(timeline)
    assert chart.title == CPU
    assert max(value for _, value in chart.lines[0].points if value is not None) == 90
    assert list(resource_charts(run.timeline)) == []
