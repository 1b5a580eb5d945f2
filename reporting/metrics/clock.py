"""Whether the machine's clock was set, or the machine slept, while a run went on: figures are counted by it."""

import time

NOTICEABLE_SECONDS = 2.0


class ClockWatch:
    """Looked at now and then, it compares the clock with one that nobody can set."""

    def __init__(self) -> None:
        self._ahead = _ahead()
        self.set_by = 0.0
        """The largest step so far in seconds, with its sign; 0 when there was none worth noticing."""

    def look(self) -> None:
        """Slow corrections, as time servers make them, are not noticed: each look compares with the one before."""
        before, self._ahead = self._ahead, _ahead()
        step = self._ahead - before
        if abs(step) > max(NOTICEABLE_SECONDS, abs(self.set_by)):
            self.set_by = step


def _ahead() -> float:
    return time.time() - time.monotonic()
