"""Whether the load generator itself keeps up: how late a greenlet wakes that only wanted to sleep a moment."""

import time
from collections.abc import Callable

import gevent

PAUSE_SECONDS = 0.05


class LagMeter:
    """While it runs it tells `note` the lateness in ms, twenty times a second."""

    def __init__(self, note: Callable[[float], None]) -> None:
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
            self._note((time.perf_counter() - slept_at - PAUSE_SECONDS) * 1000)
