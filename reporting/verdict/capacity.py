"""How many can it hold? Each step lasts until it is decided; then the next load is chosen by what is known."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from reporting.metrics.store import Window
from reporting.verdict.bracket import held_users, next_users
from reporting.verdict.capacity_texts import GENERATOR
from reporting.verdict.limit_interval import interval_of
from reporting.verdict.model import Capacity, Step
from reporting.verdict.scalability import scalability
from reporting.verdict.sequential import confidence_of_a_look, looks

logger = logging.getLogger(__name__)

LEAST_SECONDS = 10
"""Before that no step is decided."""
PERCENT = 95.0
RAMP_PATIENCE_SECONDS = 20.0


@dataclass(frozen=True)
class Plan:
    """Users of the first step and at most; seconds to settle, to measure at most, and until all reports are in.

    `spawn_rate` is in users per second.
    """

    step: int
    most: int
    settle: int
    hold: int
    patience: float
    spawn_rate: float

    @property
    def looks(self) -> list[int]:
        """After how many seconds of a step it may be decided; the last is its end."""
        return [*(at for at in looks(min(LEAST_SECONDS, self.hold), self.hold) if at < self.hold), self.hold]

    @property
    def confidence(self) -> float:
        """Of each look, so that those of a step together hold what is promised."""
        return confidence_of_a_look(PERCENT, len(self.looks))


@dataclass
class Search:
    """`tick` every second; `watch` opens a window in the store and `look` says what has come of it so far."""

    plan: Plan
    watch: Callable[[int, int], Window]
    look: Callable[[int, Window], Step]
    capacity: Capacity | None = None
    users: int = 0
    _steps: list[Step] = field(default_factory=list)
    _window: Window | None = None
    _looks: list[int] = field(default_factory=list)
    _since: float | None = None
    _longest_ramp: float = 0.0

    def tick(self, now: float, users_there: int) -> int | None:
        """How many users there should be now; None when the answer is found."""
        if self._since is None:
            self._go_to(self.plan.step, now)
        elif self._window is None:
            self._wait_for_users(now, users_there)
        elif now >= self._window.start + self._looks[0] + self.plan.patience:
            self._look(self._window, now)
        return self.users if self.capacity is None else None

    def _go_to(self, users: int, now: float) -> None:
        ramp = abs(users - self.users) / self.plan.spawn_rate
        self._longest_ramp = 2 * ramp + RAMP_PATIENCE_SECONDS
        self.users, self._window, self._since = users, None, now

    def _wait_for_users(self, now: float, users_there: int) -> None:
        assert self._since is not None
        if users_there == self.users:
            start = int(now) + 1 + self.plan.settle
            self._window, self._looks = self.watch(start, start + self.plan.hold), self.plan.looks
        elif now - self._since > self._longest_ramp:
            nothing = self.look(self.users, Window(0, 0))
            self._decide(Step(self.users, nothing.figures, False, [f"{GENERATOR}: users not reached"]), now)

    def _look(self, window: Window, now: float) -> None:
        step = self.look(self.users, window.first(self._looks.pop(0)))
        if step.sure or not self._looks:
            window.end = window.start + step.seconds
            self._decide(step, now)

    def _decide(self, step: Step, now: float) -> None:
        self._steps.append(step)
        logger.info("%d users, %g requests/s: %s", step.users, step.figures.rate, "; ".join(step.broke) or "held")
        users = next_users(self._steps, self.plan.step, self.plan.most)
        if users is None:
            self._finish()
        else:
            self._go_to(users, now)

    def _finish(self) -> None:
        users = held_users(self._steps)
        rate = next((step.figures.rate for step in reversed(self._steps) if step.users == users), 0.0)
        broke = next((step.broke[0] for step in self._steps if not step.held), "")
        self.capacity = Capacity(
            users,
            rate,
            broke,
            self.plan.step,
            self._steps,
            self.plan.most,
            interval_of(self._steps, self.plan.confidence),
            scalability([(step.users, step.figures.rate) for step in self._steps]),
        )
