"""A call that does not give up at the first trouble: for what comes after the load, when nothing is measured."""

import time
from collections.abc import Callable
from random import Random
from typing import Any

import gevent

from api.failures import NoAnswer, TaskCannotGoOn

FIRST_PAUSE_SECONDS = 0.5
MAX_PAUSE_SECONDS = 8.0
MAX_TRIES = 6

Call = Callable[..., Any]


def retrying(call: Call, deadline: float, clock: Callable[[], float] = time.monotonic) -> Call:
    """`call`, asked again while it fails in a way that may pass; pauses grow and are jittered.

    Once `deadline` (on the clock) has passed, each call has one try, and every further one fails with the last
    failure without being sent.
    """
    jitter = Random()
    last: TaskCannotGoOn | None = None

    def persistent(*args: Any, **params: Any) -> Any:
        nonlocal last
        if last is not None and clock() >= deadline:
            raise last
        pause = FIRST_PAUSE_SECONDS
        for number in range(1, MAX_TRIES + 1):
            try:
                return call(*args, **params)
            except TaskCannotGoOn as failure:
                left = deadline - clock()
                if not failure.reason.passing:
                    raise
                last = failure
                if number == MAX_TRIES or left <= 0:
                    raise
            gevent.sleep(min(pause * jitter.uniform(0.5, 1.0), max(left, 0)))
            pause = min(pause * 2, MAX_PAUSE_SECONDS)

    return persistent


def in_time(call: Call, deadline: float, clock: Callable[[], float] = time.monotonic) -> Call:
    """`call` as long as there is time; after the `deadline` (on the clock) nothing is sent, and each call fails."""

    def punctual(*args: Any, **params: Any) -> Any:
        if clock() >= deadline:
            raise TaskCannotGoOn(NoAnswer("the time for the clean-up (--cleanup-time) was over"))
        return call(*args, **params)

    return punctual
