"""What an invariant says of one race."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from integrity.acts import Act

State = Literal["kept", "broken", "undecided"]
KEPT: State = "kept"
BROKEN: State = "broken"
UNDECIDED: State = "undecided"


@dataclass(frozen=True)
class Judgement:
    """Whether one invariant held in one race; `acts` are the requests that tell it."""

    invariant: str
    state: State
    what: str = ""
    records: Sequence[str] = ()
    acts: Sequence[Act] = ()
