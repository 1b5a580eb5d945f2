"""Which load a search tries next, and what it has found to hold and to break: told by the steps so far alone."""

import math
from collections.abc import Sequence

from reporting.verdict.model import Step

GROWTH = 2.0
"""How much more users each step has than the one before, until one breaks."""
RESOLUTION = 0.05
"""As a share of the limit: nearer to each other, what holds and what breaks need not come."""
MAX_TRIES = 2


def next_users(steps: Sequence[Step], first: int, most: int) -> int | None:
    """How many users the next step has, given the `steps` so far in their order; None when the answer is known."""
    if not steps:
        return first
    held, broken = held_users(steps), broken_users(steps)
    if broken is None:
        assert held is not None
        return None if held >= most else min(most, math.ceil(held * GROWTH))
    if held is not None and broken - held > _resolution(held):
        return _between(held, broken, steps)
    if _is_doubtful(broken, steps):
        return broken
    return None if held is None or _is_confirmed(held, steps) else held


def held_users(steps: Sequence[Step]) -> int | None:
    """The most that held, below all that broke; of two tries the latest counts."""
    broken = broken_users(steps)
    held = [step.users for step in latest(steps).values() if step.held and (broken is None or step.users < broken)]
    return max(held, default=None)


def broken_users(steps: Sequence[Step]) -> int | None:
    """The fewest that broke."""
    return min((step.users for step in latest(steps).values() if not step.held), default=None)


def _between(held: int, broken: int, steps: Sequence[Step]) -> int:
    """Where the limit is likely to be; the middle when that has led to the same side twice."""
    least = min(_resolution(held), (broken - held) // 2)
    likely = _likely(latest(steps)[held], latest(steps)[broken])
    since = steps[_first_broken(steps) + 1 :]
    if likely is None or (len(since) > 1 and since[-1].held == since[-2].held):
        return (held + broken) // 2
    return min(max(round(likely), held + least), broken - least)


def _likely(held: Step, broken: Step) -> float | None:
    """What the step that broke tells; else where the tightest budget is used up between them, on logarithmic scales."""
    if broken.would_hold is not None:
        return broken.would_hold
    if not held.strain or not broken.strain or held.strain >= broken.strain:
        return None
    way = -math.log(held.strain) / math.log(broken.strain / held.strain)
    return float(held.users * (broken.users / held.users) ** way)


def _resolution(users: int) -> int:
    return max(1, round(users * RESOLUTION))


def _is_doubtful(users: int, steps: Sequence[Step]) -> bool:
    """A moment's trouble on either machine is no limit: what broke is tried again, unless it bounds nothing."""
    tries = sum(step.users == users for step in steps)
    alone = {step.users for step in steps if not step.held} == {users}
    return tries < MAX_TRIES and (latest(steps)[users].sure or alone)


def _is_confirmed(users: int, steps: Sequence[Step]) -> bool:
    """Whether it held after something else had broken, when the API may not be what it was before."""
    return any(step.users == users and step.held for step in steps[_first_broken(steps) :])


def _first_broken(steps: Sequence[Step]) -> int:
    return next(place for place, step in enumerate(steps) if not step.held)


def latest(steps: Sequence[Step]) -> dict[int, Step]:
    """By their users, the last step with so many."""
    return {step.users: step for step in steps}
