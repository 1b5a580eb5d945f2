"""Incidents while a run goes: told when one begins, and when it is over."""

import logging
import time

from reporting.find_incidents import ordinary_seconds, usual_times
from reporting.metrics.seconds import Usual
from reporting.run_monitor import RunMonitor
from reporting.verdict.incident_texts import beginning, sentence
from reporting.verdict.incidents import Incident, Normal, incidents_in, is_open, normal_of
from users.run_context import run_context

logger = logging.getLogger(__name__)

LOOKED_BACK_SECONDS = 120
LONGEST_LOOK_SECONDS = 900
LEARNS_EVERY_SECONDS = 10
REPORTS_ARE_IN_SECONDS = {False: 1, True: 5}
"""So long a second's figures take to be whole: workers send theirs every three seconds."""
LEAST_SECONDS = 10
"""Of the steady state, before anybody knows what is usual."""


class IncidentAlarm:
    """Called every second of a test."""

    def __init__(self) -> None:
        self._run = 0.0
        self._forget()

    def __call__(self, monitor: RunMonitor) -> None:
        store, load = monitor.store, run_context(monitor.environment).load
        if self._run != store.started:
            self._run = store.started
            self._forget()
        now = int(time.time())
        start, end = ordinary_seconds(store, load)
        if store.steady_from is None or now - start < LEAST_SECONDS:
            return
        if now - self._learnt_at >= LEARNS_EVERY_SECONDS:
            self._learn(monitor, now, start, end)
        until = now - REPORTS_ARE_IN_SECONDS[monitor.distributed]
        seconds = store.book.seconds(self._usual, until, self._since(now))
        found = incidents_in(seconds, self._normal, None if load.searches else start) if seconds else []
        self._tell(monitor, found[-1] if found else None)

    def _forget(self) -> None:
        self._usual, self._normal = Usual(), Normal()
        self._learnt_at = 0
        self._open: Incident | None = None
        self._opened_at = 0

    def _learn(self, monitor: RunMonitor, now: int, start: int, end: int) -> None:
        self._learnt_at = now
        store, load = monitor.store, run_context(monitor.environment).load
        self._usual = usual_times(store, load)
        if store.book.must_be_packed(now):
            store.book.pack(self._usual, now)
        self._normal = normal_of(store.book.seconds(self._usual, min(end, now), start))

    def _since(self, now: int) -> int:
        """While one goes on, its beginning stays in sight."""
        if self._open is None:
            return now - LOOKED_BACK_SECONDS
        return max(self._opened_at - LOOKED_BACK_SECONDS, now - LONGEST_LOOK_SECONDS)

    def _tell(self, monitor: RunMonitor, latest: Incident | None) -> None:
        now = int(time.time())
        if latest is not None and is_open(latest):
            if self._open is None:
                self._opened_at = now
                logger.warning("Incident: %s", beginning(latest))
            self._open = latest
        elif self._open is not None:
            logger.warning("Incident over: %s", sentence(latest or self._open))
            self._open = None
        monitor.state.incident = beginning(self._open) if self._open is not None else ""
