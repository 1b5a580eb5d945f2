"""What one process sees: every answer, counted per second, role and route. It is on the way of each request."""

import time
from collections.abc import Mapping
from itertools import chain
from typing import Any

from api.failures import TOO_MANY_REQUESTS, CutOff, RequestFailed
from api.redaction import visible
from reporting.metrics.histogram import DIGIT_BITS, Histogram
from reporting.metrics.journey_event import JOURNEY
from reporting.metrics.outliers import OutlierBook

ANYONE = ""
NO_CONTEXT: Mapping[str, Any] = {}
EXACT_BELOW = 1 << DIGIT_BITS
"""In µs; above, `rounded` is written out in place: a call more costs 0.1 µs for each request."""

Row = tuple[str, str, str]
"""Role, method (or one of NOT_REQUESTS) and name."""

LAG = "LAG"
CPU = "CPU"
PACE = "PACE"
"""How long a bit of work took that is always the same."""
CUT_OFF = "CUT OFF"
"""Users that still waited for an answer when they were stopped, by role; their times are how long they had waited."""
THROTTLED = "THROTTLED"
"""Requests that were refused because there were too many, by role."""
SAID = "SAID"
"""Failed requests by what was said of them: the row's first part is their route, its last the text."""
TASK = "TASK"
"""The rows of exceptions in tasks: a failure of the suite's own, and no request."""
NOT_REQUESTS = frozenset({JOURNEY, LAG, CPU, PACE, CUT_OFF, THROTTLED, SAID, TASK})

AS_A_FAILURE = object()
"""Makes a row's time that of a failure which is counted elsewhere."""


class Recorder:
    """Counts by the second in which an answer came; `drain` hands over all seconds that are complete.

    Once the end has begun, it counts by the second in which the request was sent: what was asked of the API while the
    load was on is part of that load, however late the answer is.
    """

    def __init__(self) -> None:
        self.outliers = OutlierBook()
        self._ending = False
        self._seconds: dict[int, dict[Row, Histogram]] = {}
        self._second = -1
        self._rows: dict[Row, Histogram] = {}

    def on_request(
        self,
        request_type: str,
        name: str,
        response_time: float | None,
        context: Mapping[str, Any] | None = None,
        exception: object = None,
        start_time: float | None = None,
        response_length: int = 0,
        **_: Any,
    ) -> None:
        """Listens to Locust's request event, which hand-written tasks may fire with less than Locust itself."""
        row = ((context or NO_CONTEXT).get("role") or ANYONE, request_type, name)
        if self._ending and start_time:
            rows = self._seconds.setdefault(int(start_time), {})
        else:
            if int(time.time()) != self._second:
                self._turn_the_page()
            rows = self._rows
        if exception is not None and isinstance(exception, RequestFailed):
            self._note_a_special_failure(exception, row[0], response_time, start_time)
        histogram = rows.get(row)
        if histogram is None:
            histogram = rows[row] = Histogram()
        times = histogram.ok if exception is None else histogram.failed
        taken = int(response_time * 1000 + 0.5) if response_time and response_time > 0 else 0
        if taken >= EXACT_BELOW:
            shift = taken.bit_length() - DIGIT_BITS
            taken = taken >> shift << shift
        times[taken] = times.get(taken, 0) + 1
        if response_length:
            histogram.size += response_length
        if exception is not None and request_type not in NOT_REQUESTS:
            self._note_what_was_said(exception, f"{request_type} {name}", response_time, start_time)

    def on_journey(self, name: str, role: str, duration: float, failure: object = None, **_: Any) -> None:
        """Listens to the suite's journey event."""
        self.on_request(JOURNEY, name, duration, {"role": role}, failure)

    def note(self, kind: str, process: str, value: float) -> None:
        """Counts what a process measured of itself: LAG and PACE in ms, CPU in percent."""
        self.on_request(kind, process, value)

    def forget(self) -> None:
        """A test starts."""
        self.outliers.forget()
        self._ending = False
        self._seconds.clear()
        self._second = -1

    def is_ending(self) -> None:
        """The load ends; answers that are still owed may come."""
        self._ending = True

    def drain(self, everything: bool = False) -> list[list[Any]]:
        """What was counted in complete seconds (or in `everything` until now), as plain lists that can travel.

        Each is: second, role, method, name, the counts of successful and of failed answers as
        `[µs, count, µs, count, ...]`, and the size of them all in bytes.
        """
        now = int(time.time())
        done = [second for second in self._seconds if everything or second < now]
        payload = [
            [
                *(second, *map(visible, map(str, row))),
                *([*chain(*times.items())] for times in (histogram.ok, histogram.failed)),
                histogram.size,
            ]
            for second in sorted(done)
            for row, histogram in self._seconds.pop(second).items()
        ]
        if self._second in done:
            self._second = -1
        return payload

    def _note_a_special_failure(
        self, failure: RequestFailed, role: str, response_time: float | None, start_time: float | None
    ) -> None:
        if isinstance(failure, CutOff):
            self.on_request(CUT_OFF, role, response_time, start_time=start_time)
        elif failure.status == TOO_MANY_REQUESTS:
            self.on_request(THROTTLED, role, response_time, start_time=start_time)

    def _note_what_was_said(
        self, failure: object, route: str, response_time: float | None, start_time: float | None
    ) -> None:
        """The text of a failure that is not the suite's own may be another for each request: then its kind is told."""
        text = str(failure) if isinstance(failure, RequestFailed) else type(failure).__name__
        self.on_request(SAID, text, response_time, {"role": route}, AS_A_FAILURE, start_time)

    def _turn_the_page(self) -> None:
        self._second = int(time.time())
        self._rows = self._seconds.setdefault(self._second, {})
