"""How many can it hold? Goes up in steps until something breaks twice in a row, goes back, and confirms."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from reporting.metrics.store import Window
from reporting.verdict.model import Capacity, Step
from reporting.verdict.wording import GENERATOR

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Plan:
    """Users per step and at most; seconds to settle, to measure, and until all reports of a step are in."""

    step: int
    most: int
    settle: int
    hold: int
    patience: float
    longest_ramp: float


@dataclass
class Search:
    """`tick` every second; `watch` opens a window in the store and `look` says what came of it."""

    plan: Plan
    watch: Callable[[int, int], Window]
    look: Callable[[int, Window], Step]
    capacity: Capacity | None = None
    users: int = 0
    _steps: list[Step] = field(default_factory=list)
    _held: list[int] = field(default_factory=list)
    _window: Window | None = None
    _since: float | None = None
    _doubted: bool = False
    _first_to_break: str = ""

    def tick(self, now: float, users_there: int) -> int | None:
        """How many users there should be now; None when the answer is found."""
        if self._since is None:
            self._go_to(self.plan.step, now)
        elif self._window is None:
            self._wait_for_users(now, users_there)
        elif now >= self._window.end + self.plan.patience:
            self._decide(self.look(self.users, self._window), now)
        return self.users if self.capacity is None else None

    def _go_to(self, users: int, now: float) -> None:
        self.users, self._window, self._since, self._doubted = users, None, now, False

    def _measure_again(self, now: float) -> None:
        """A moment's trouble on either machine is no limit."""
        self._go_to(self.users, now)
        self._doubted = True

    def _wait_for_users(self, now: float, users_there: int) -> None:
        assert self._since is not None
        if users_there == self.users:
            start = int(now) + 1 + self.plan.settle
            self._window = self.watch(start, start + self.plan.hold)
        elif now - self._since > self.plan.longest_ramp:
            nothing = self.look(self.users, Window(0, 0))
            self._decide(Step(self.users, nothing.figures, False, [f"{GENERATOR}: users not reached"]), now)

    def _decide(self, step: Step, now: float) -> None:
        self._steps.append(step)
        logger.info("%d users, %g requests/s: %s", step.users, step.figures.rate, "; ".join(step.broke) or "held")
        confirming = bool(self._first_to_break)
        if step.held and (confirming or step.users + self.plan.step > self.plan.most):
            self._finish(step)
        elif step.held:
            self._held.append(step.users)
            self._go_to(step.users + self.plan.step, now)
        elif not self._doubted:
            self._measure_again(now)
        else:
            self._first_to_break = self._first_to_break or step.broke[0]
            if self._held:
                self._go_to(self._held.pop(), now)
            else:
                self._finish(None)

    def _finish(self, step: Step | None) -> None:
        users, rate = (step.users, step.figures.rate) if step else (None, 0.0)
        self.capacity = Capacity(users, rate, self._first_to_break, self.plan.step, self._steps, self.plan.most)
