"""The progress line in a log: what it says, and that its rate is the present one."""

from argparse import Namespace
from io import StringIO
from types import SimpleNamespace

from reporting.metrics.store import MetricsStore
from reporting.verdict.run_data import RunState
from reporting.views import live
from reporting.views.live import Progress


class Clock:
    now = 1_000_000.0

    def time(self):
        return self.now

    monotonic = time


def test_the_rate_is_that_of_the_last_seconds(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(live, "time", clock)
    store = MetricsStore(clock.time)
    environment = SimpleNamespace(
        runner=SimpleNamespace(user_count=3), shape_class=None, parsed_options=Namespace(run_time=60)
    )
    monitor = SimpleNamespace(store=store, environment=environment, standing=lambda: [], state=RunState())
    progress = Progress(StringIO())
    for answers in (500, 20, 20):
        clock.now += 2
        store.add([[int(clock.now), "admin", "GET", "/", [80_000, answers], []]])
        progress(monitor)
    assert progress.line(monitor) == "0:54 left | 3 users | 10 req/s | p95 80 ms | 0 failed | ramping up"
