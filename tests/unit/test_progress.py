"""The progress line in a log: what it says, and that its rate is the present one."""

from argparse import Namespace
from io import StringIO
from types import SimpleNamespace

from reporting.metrics.store import Book
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
    book = Book(clock.time)
    environment = SimpleNamespace(
        runner=SimpleNamespace(user_count=3), shape_class=None, parsed_options=Namespace(run_time=60)
    )
    referee = SimpleNamespace(book=book, environment=environment, standing=lambda: [])
    progress = Progress(StringIO())
    for answers in (500, 20, 20):
        clock.now += 2
        book.add([[int(clock.now), "admin", "GET", "/", [80, answers], []]])
        progress(referee)
    assert progress.line(referee) == "0:54 left | 3 users | 10 req/s | p95 80 ms | 0 failed | ramping up"
