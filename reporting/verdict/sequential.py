"""When a run is sure enough to end: looks that may be taken while it goes on, without the error of peeking.

Whoever looks often and stops at the first clear answer is wrong more often than each look says. So the looks are few,
known before the run, and share its error between them (Bonferroni): together they hold what is promised.
"""

from collections.abc import Iterable

import msgspec

from reporting.verdict.budgets import ONLY_AT_THE_END, Judged

GROWTH = 1.2
"""How much longer the steady state is at each look than at the one before."""


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


def undecided(judged: Iterable[Judged]) -> list[Judged]:
    """Those of which another look may say the opposite. A count that is reached stays reached."""
    return [budget for budget in judged if not _is_decided(budget)]


def _is_decided(budget: Judged) -> bool:
    if budget.metric == ONLY_AT_THE_END:
        return budget.ok
    return budget.interval is not None and not budget.interval.spans(budget.limit)
