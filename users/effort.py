"""What the users of a process do besides sending requests: which tasks they choose, how long they pause."""

from collections import Counter
from collections.abc import Iterable

import msgspec


class Pauses(msgspec.Struct):
    """How many there were, and how many seconds they took in all."""

    number: int = 0
    seconds: float = 0.0

    def add(self, seconds: float) -> None:
        self.number += 1
        self.seconds += seconds

    def join(self, other: "Pauses") -> None:
        self.number += other.number
        self.seconds += other.seconds


class Effort(msgspec.Struct):
    """Since the test began: by role, how often each task was chosen, and its think times; pauses after failures; and
    waits for the other one of a pair."""

    chosen: dict[str, dict[str, int]] = {}
    thought: dict[str, Pauses] = {}
    held_back: Pauses = msgspec.field(default_factory=Pauses)
    in_lockstep: Pauses = msgspec.field(default_factory=Pauses)

    def chosen_by(self, role: str) -> dict[str, int]:
        """The counts of this role, to be counted on."""
        return self.chosen.setdefault(role, Counter())

    def thought_by(self, role: str) -> Pauses:
        """The think times of this role, to be added to."""
        return self.thought.setdefault(role, Pauses())


def together(efforts: Iterable[Effort]) -> Effort:
    """What all of these processes did."""
    whole = Effort()
    for effort in efforts:
        for role, tasks in effort.chosen.items():
            counts = whole.chosen_by(role)
            for task, number in tasks.items():
                counts[task] = counts.get(task, 0) + number
        for role, pauses in effort.thought.items():
            whole.thought_by(role).join(pauses)
        whole.held_back.join(effort.held_back)
        whole.in_lockstep.join(effort.in_lockstep)
    return whole
