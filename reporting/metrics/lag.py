"""Whether the load generator itself keeps up: how late a greenlet wakes that only wanted to sleep a moment.

Awake, it also does a bit of work, by which the machine's pace is known.
"""

import time
from collections.abc import Callable

import gevent

from reporting.metrics.pace import bit_of_work
from reporting.metrics.recorder import LAG, PACE

PAUSE_SECONDS = 0.05


class LagMeter:
    """While it runs it tells `note` the lateness and the pace, both in ms, twenty times a second."""

    def __init__(self, note: Callable[[str, float], None]) -> None:
        self._note = note
        self._greenlet: gevent.Greenlet | None = None

    def start(self) -> None:
        self.stop()
        self._greenlet = gevent.spawn(self._measure)

    def stop(self) -> None:
        if self._greenlet is not None:
            self._greenlet.kill(block=False)
            self._greenlet = None

    def _measure(self) -> None:
        while True:
            slept_at = time.perf_counter()
            gevent.sleep(PAUSE_SECONDS)
            self._note(LAG, (time.perf_counter() - slept_at - PAUSE_SECONDS) * 1000)
            self._note(PACE, bit_of_work())
