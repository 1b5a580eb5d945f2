"""When a run is sure enough to end: looks that may be taken while it goes on, without the error of peeking.

Whoever looks often and stops at the first clear answer is wrong more often than each look says. So the looks are few,
known before the run, and some in a row must say the same. Of so many neighbours one is always in the same place when
looks are counted off, so only those in that place need to share the error between them (Bonferroni): together they hold
what is promised. What agreeing looks bring is in docs/statistics.md.
"""

import math
from collections.abc import Iterable, Mapping

import msgspec

from reporting.verdict.budgets import ONLY_AT_THE_END, Judged

GROWTH = 1.2
"""How much longer the steady state is at each look than at the one before."""
AGREEING = 2
"""Looks in a row that must say the same of a budget."""


class Sureness(msgspec.Struct, frozen=True):
    """`percent` is what was asked for, `after` the seconds of steady state that it took; None: it was not reached.

    `undecided` are the budgets of which the last look was not sure.
    """

    percent: float
    after: int | None
    looks: int
    undecided: list[str] = []


def looks(at_least: float, at_most: float) -> list[int]:
    """The lengths of the steady state, in seconds, at which it is looked; the last possible one is `at_most`."""
    found, at = [], max(1.0, at_least)
    while at <= at_most:
        found.append(round(at))
        at *= GROWTH
    return found or [round(at_most)]


def confidence_of_a_look(percent: float, number: int) -> float:
    """So that `number` looks together are wrong as seldom as is promised."""
    return 1 - (1 - percent / 100) / number


def confidence_of_agreeing_looks(percent: float, number: int) -> float:
    """The same for `number` looks of which AGREEING in a row must say the same."""
    return confidence_of_a_look(percent, math.ceil(number / AGREEING))


class Agreement:
    """What looks have said of each budget, one after the other: whether it is kept, None when they were not sure.

    `looks` is how many there are at most: of one alone, nothing but its own confidence can be asked.
    """

    def __init__(self, looks: int) -> None:
        self._needed = min(AGREEING, looks)
        self._said: dict[str, tuple[bool | None, int]] = {}

    def undecided(self, said: Mapping[str, bool | None]) -> list[str]:
        """The next look; returns the budgets of which the latest ones have not all said the same."""
        for budget, kept in said.items():
            before, in_a_row = self._said.get(budget, (None, 0))
            self._said[budget] = kept, in_a_row + 1 if kept == before else 1
        return [budget for budget, kept in said.items() if kept is None or self._said[budget][1] < self._needed]


def said_of(judged: Iterable[Judged]) -> dict[str, bool | None]:
    """What a look says of each budget: whether it is kept, None where its interval holds the limit, too."""
    return {str(budget): budget.ok if _is_clear(budget) else None for budget in judged}


def _is_clear(budget: Judged) -> bool:
    """A count that is reached stays reached."""
    if budget.metric == ONLY_AT_THE_END:
        return budget.ok
    return budget.interval is not None and not budget.interval.spans(budget.limit)
