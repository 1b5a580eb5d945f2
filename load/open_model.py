"""The open model: people arrive at a fixed rate, however slow the clinic is, and each is served by a free user.

A closed model (users that pause between tasks) sends less when the server is slow, and so hides its worst moments. Here
the time of an arrival is set before anybody knows how long the others take. Its first answer is timed from that moment:
what it had to wait for a free user is waiting for the clinic too. Who waits too long has missed the start.
"""

from locust.env import Environment

import time

import gevent
from gevent.queue import Empty, Queue

from internals.of_locust import count_failure, now_waiting, row
from reporting.metrics.arrival_rows import MISSED, ROW_TYPE, STARTED
from users.cms_user import CMSUser
from users.run_context import run_context


class MissedStart(Exception):
    """Nobody was free for an arrival in time."""

    def __init__(self, patience: float) -> None:
        super().__init__(f"no user was free within {patience:g} s: more --users, or a faster clinic")


class Arrivals:
    """The arrivals of one process. `rate` is per second and may change while they come."""

    def __init__(self, environment: Environment, patience: float) -> None:
        self.rate = 0.0
        self._environment = environment
        self._patience = patience
        self._queue: Queue[float] = Queue()
        self._working: set[Arriving] = set()
        self._coming: gevent.Greenlet | None = None

    @property
    def demand(self) -> int:
        """How many users it takes at this moment: those at work, and one for everybody who waits."""
        return len(self._working) + int(self._queue.qsize())

    def begin(self) -> None:
        self.end()
        self._queue = Queue()
        self._working.clear()
        self._coming = gevent.spawn(self._come)

    def end(self) -> None:
        """Nobody comes any more; who has waited too long by now has missed the start, and nobody else."""
        if self._coming is not None:
            self._coming.kill(block=False)
            self._coming = None
        while True:
            try:
                intended = self._queue.get_nowait()
            except Empty:
                return
            if time.perf_counter() - intended > self._patience:
                self._miss()

    def next_for(self, user: "Arriving") -> float:
        """Waits for somebody whom `user` may serve; returns when that was to start, on time.perf_counter's clock."""
        self.done(user)
        while True:
            intended = self._queue.get()
            late = time.perf_counter() - intended
            if late <= self._patience:
                break
            self._miss()
        self._working.add(user)
        row(self._environment, ROW_TYPE, STARTED).log(round(late * 1000), 0)
        return float(intended)

    def done(self, user: "Arriving") -> None:
        """The user is free, or gone."""
        self._working.discard(user)

    def _come(self) -> None:
        following = time.perf_counter()
        while True:
            now = time.perf_counter()
            if not self.rate:
                following = now + 0.1
            while following <= now:
                self._queue.put(following)
                following += 1 / self.rate
            gevent.sleep(following - now)

    def _miss(self) -> None:
        row(self._environment, ROW_TYPE, MISSED).log(None, 0)
        count_failure(self._environment, ROW_TYPE, MISSED, MissedStart(self._patience))


class Arriving(CMSUser):
    """Mixed into a role: between two tasks it waits for the next arrival, instead of a pause."""

    abstract = True
    arrivals: Arrivals

    def on_start(self) -> None:
        self.arrivals = run_context(self.environment).part(Arrivals)
        super().on_start()
        now_waiting(self)
        self.wait_time()
        self.awake()

    def wait_time(self) -> float:
        """Returns when somebody has arrived; there is nothing left to wait for then."""
        self.client.waiting_since = self.arrivals.next_for(self)
        return 0.0

    def think(self) -> None:
        started = time.monotonic()
        self.pause(super().wait_time())
        thought = time.monotonic() - started
        self.seconds_thought += thought
        if self.client.waiting_since is not None:
            self.client.waiting_since += thought

    def on_stop(self) -> None:
        self.arrivals.done(self)
        super().on_stop()
