"""Two sides that go through the same steps together: whoever is ahead waits, and they take turns at being first."""

from collections import Counter
from collections.abc import Callable, Hashable
from typing import Protocol

from gevent.event import Event

from reporting.metrics.pairs import Answered

NEW, OLD = 0, 1
TASK = "the next task"
"""What a side comes to when its task is over."""

Wait = Callable[[Event], None]
"""How a side waits until the event is set."""


class Witness(Protocol):
    """Is told what the two sides of one pair have done."""

    def step(self, what: Hashable, new: Answered, old: Answered, new_first: bool) -> None:
        """Both have taken this step."""

    def journey(self, name: str, new: Answered, old: Answered, new_first: bool) -> None:
        """Both have been through this journey, step by step together."""

    def alone(self, what: Hashable) -> None:
        """One side takes this step, and the other does something else."""


class Lockstep:
    """One pair. `number` is its own: in every other pair, and every other time that a step is taken, OLD begins.

    A side says what it `comes_to`, and afterwards what it `has_taken`. Sides that come to different steps part: each
    goes on alone, without waiting, until both come to their next task.
    """

    def __init__(self, number: int, witness: Witness) -> None:
        self.tasks = 0
        """How many both have come to."""
        self.is_over = False
        self._number = number
        self._witness = witness
        self._go = Event(), Event()
        self._wants: list[Hashable | None] = [None, None]
        self._apart = False
        self._step: Hashable | None = None
        self._first = NEW
        self._answers: dict[int, Answered | None] = {}
        self._taken: Counter[Hashable] = Counter()
        self._journeys: dict[str, dict[int, Answered]] = {}

    def end(self) -> None:
        """One side goes: nobody waits any more."""
        self.is_over = True
        for go in self._go:
            go.set()

    def comes_to(self, side: int, what: Hashable, wait: Wait) -> bool:
        """Waits until it is this side's turn; whether the other side does the same."""
        if self.is_over:
            return False
        if self._apart and what is not TASK:
            self._witness.alone(what)
            return False
        self._go[side].clear()
        self._wants[side] = what
        self._meet()
        if not self._go[side].is_set():
            wait(self._go[side])
        return not (self.is_over or self._apart)

    def has_taken(self, side: int, answered: Answered | None) -> None:
        """The step that both came to is done on this side; None when it was not asked to its end."""
        self._answers[side] = answered
        if len(self._answers) == 1:
            self._let_go(1 - side)
            return
        new, old = self._answers[NEW], self._answers[OLD]
        if self._step is not None and new is not None and old is not None:
            self._witness.step(self._step, new, old, self._first == NEW)

    def has_made(self, side: int, journey: str, answered: Answered) -> None:
        """A journey is over on this side."""
        made = self._journeys.setdefault(journey, {})
        made[side] = answered
        if len(made) == 2 and not self._apart:
            self._witness.journey(journey, made[NEW], made[OLD], self._first == NEW)

    def _meet(self) -> None:
        """When both have come to something: the same, or not."""
        new, old = self._wants
        if new is None or old is None:
            return
        if new is not old:
            self._part()
        elif new is TASK:
            self.tasks += 1
            self._apart = False
            self._journeys.clear()
            self._let_go(NEW)
            self._let_go(OLD)
        else:
            self._step, self._answers = new, {}
            self._first = (self._number + self._taken[new]) % 2
            self._taken[new] += 1
            self._let_go(self._first)

    def _part(self) -> None:
        self._apart = True
        for side, what in enumerate(self._wants):
            if what is not None and what is not TASK:
                self._witness.alone(what)
                self._let_go(side)

    def _let_go(self, side: int) -> None:
        self._wants[side] = None
        self._go[side].set()
