"""Tells how far the clean-up is, so that nobody takes it for a run that hangs."""

import logging
import time
from collections.abc import Callable
from typing import Any

from api.endpoint import Endpoint
from records.retry import Call

logger = logging.getLogger(__name__)

EVERY_SECONDS = 5.0


def telling(call: Call, deadline: float, clock: Callable[[], float] = time.monotonic) -> Call:
    """`call`; before each one, every few seconds, it says what was done and what time is left to the `deadline`."""
    asked = removed = 0
    due = clock() + EVERY_SECONDS

    def progressing(endpoint: Endpoint[Any], *args: Any, **params: Any) -> Any:
        nonlocal asked, removed, due
        now = clock()
        if now >= due:
            due = now + EVERY_SECONDS
            left = max(0.0, deadline - now)
            logger.info("Cleaning up: %d requests, %d records removed, at most %.0f s left", asked, removed, left)
        asked += 1
        answer = call(endpoint, *args, **params)
        removed += endpoint.method == "DELETE"
        return answer

    return progressing
