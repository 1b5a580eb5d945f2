"""What a view that shows a run while it goes needs to know of it."""

from locust.env import Environment

from pathlib import Path
from typing import Protocol

from reporting.metrics.store import MetricsStore
from reporting.verdict.budgets import Judged
from reporting.verdict.model import Verdict
from reporting.verdict.run_data import RunState


class WatchedRun(Protocol):
    """A run as its monitor follows it; `verdict` and `folder` are there once it has been judged."""

    environment: Environment
    store: MetricsStore
    state: RunState
    verdict: Verdict | None
    folder: Path | None

    def standing(self) -> list[Judged]:
        """The budgets as they are held at this moment."""
        ...
