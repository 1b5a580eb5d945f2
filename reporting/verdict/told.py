"""One thing that may be why it is slow: a sentence, and how much it explains."""

from typing import NamedTuple

from reporting.verdict.attribution import LIKELY, Belongs

MATTERS = 0.2
"""The weight from which it is told."""
SURE = 0.99
"""The most that is said."""


class Told(NamedTuple):
    """`weight` is how much of the waiting it explains, 0 to 1: what explains most comes first."""

    weight: float
    sentence: str
    route: str = ""
    """Whose slowness it explains, if it is that of one."""


def percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")


def sureness(owner: Belongs) -> str:
    """` (99 % sure)`; a route that another explains nearly as well is named with it."""
    if owner.sure >= LIKELY:
        return f" ({percent(min(owner.sure, SURE))} sure)"
    return f" (or of {owner.perhaps}: that cannot be told apart)" if owner.perhaps else ""
