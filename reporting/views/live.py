"""How a run goes, while it goes: one line that renews itself in a terminal, a plain line every ten seconds in a log."""

from locust.env import Environment

import logging
import shutil
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import TextIO

from config.options import options_of
from reporting.metrics.histogram import Histogram
from reporting.metrics.store import STEADY, MetricsStore
from reporting.metrics.subjects import ALL, rows_of
from reporting.verdict.budgets import FLOORS, Judged, judged_so_far
from reporting.verdict.wording import limit_text, ms, percent, value_text
from reporting.views.watched_run import WatchedRun
from users.run_context import run_context

logger = logging.getLogger(__name__)

RATE_OVER_SECONDS = 6
LOG_EVERY_SECONDS = 10
WIDE = 1000
NEAR_A_FLOOR = 0.8
"""Of a rate that is twice its floor nobody has to be told."""
START_OF_LINE = "\r\x1b[K"


class Progress:
    """Called every second of a test."""

    def __init__(self, screen: TextIO) -> None:
        self._screen = screen
        self._on_terminal = screen.isatty()
        self._counts: deque[tuple[float, int]] = deque(maxlen=RATE_OVER_SECONDS)
        self._run = 0.0
        self._told_at = 0.0
        if self._on_terminal:
            _clear_the_line_before_each_message(screen)

    def __call__(self, monitor: WatchedRun) -> None:
        now = time.monotonic()
        if self._run != monitor.store.started:
            self._run, self._told_at = monitor.store.started, now
            self._counts.clear()
        self._counts.append((now, monitor.store.requests))
        if self._on_terminal:
            line = self.line(monitor, shutil.get_terminal_size().columns - 1)
            with suppress(OSError):  # the terminal may be closed while the run goes on
                self._screen.write(f"{START_OF_LINE}{line}")
                self._screen.flush()
        elif now - self._told_at >= LOG_EVERY_SECONDS - 0.5:
            self._told_at = now
            logger.info("%s", self.line(monitor))

    def line(self, monitor: WatchedRun, width: int = WIDE) -> str:
        """Time left, users, rate, p95, failures and the budget that is nearest to its limit, in `width` characters.

        A search has another load in each step: only figures of the one that is measured now say something.
        """
        store, runner = monitor.store, monitor.environment.runner
        if searches := run_context(monitor.environment).load.searches:
            window = store.watched_now()
            histogram = window.histogram(rows_of(ALL)) if window else Histogram()
        else:
            histogram = store.histogram(rows_of(ALL), STEADY) if store.steady_from else store.histogram(rows_of(ALL))
        waiting = store.overdue(rows_of(ALL)).failures
        share = percent(histogram.failures / histogram.requests) if histogram.failures else "0"
        return fitted(
            time=time_left(monitor.environment, store),
            users=f"{runner.user_count if runner else 0} users",
            figures=[
                f"{self._rate():.0f} req/s",
                f"p95 {ms(histogram.percentile(0.95))} ms",
                f"{share} failed" + (f", {waiting} without an answer" if waiting else ""),
            ],
            state=step(monitor) if searches else standing(monitor),
            width=width,
        )

    def _rate(self) -> float:
        (since, before), (until, after) = self._counts[0], self._counts[-1]
        return (after - before) / (until - since) if until > since else 0.0


def fitted(*, time: str, users: str, figures: Sequence[str], state: str, width: int) -> str:
    """One line with as much of it as fits; what matters most goes last."""
    short = state.replace(" of at most ", " of ").replace(" of at least ", " of ")
    lines = (" | ".join(parts) for parts in ((time, users, *figures, state), (time, users, *figures, short)))
    shorter = (" | ".join(parts) for parts in ((time, *figures, short), (*figures, short)))
    return next((line for line in (*lines, *shorter) if len(line) <= width), " | ".join((*figures, short))[:width])


def time_left(environment: Environment, store: MetricsStore) -> str:
    """`1:30 left`; without an end, how long it has been running."""
    gone = time.time() - store.started
    load = run_context(environment).load
    planned = load.seconds if load.shaped else options_of(environment).run_time
    if not planned:
        return f"{_clock(gone)} elapsed"
    return f"{_clock(max(0.0, planned - gone))} left"


def step(monitor: WatchedRun) -> str:
    """Where a search for the limit is."""
    runner = monitor.environment.runner
    doing = "measuring" if monitor.store.watched_now() else "settling"
    return f"step of {runner.target_user_count if runner else 0} users: {doing}"


def standing(monitor: WatchedRun) -> str:
    if monitor.state.incident:
        return f"INCIDENT: {monitor.state.incident}"
    if not monitor.store.steady_from:
        return "ramping up"
    return worst(judged_so_far(monitor.standing(), monitor.store.seconds(STEADY)))


def worst(measured: list[Judged]) -> str:
    """The budget that is broken most, or nearest to it."""
    if not measured:
        return "no budget measured yet"
    near = [budget for budget in measured if budget.metric not in FLOORS or budget.strain >= NEAR_A_FLOOR]
    budget = max(near or measured, key=lambda budget: budget.strain)
    state = "" if budget.ok else "BROKEN: "
    return f"{state}{budget} {value_text(budget)} of {limit_text(budget)}"


def _clear_the_line_before_each_message(screen: TextIO) -> None:
    """So that no message begins behind the progress line."""

    def clear(record: logging.LogRecord) -> bool:
        with suppress(OSError):
            screen.write(START_OF_LINE)
        return True

    for handler in logging.getLogger().handlers:
        handler.addFilter(clear)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02}"
