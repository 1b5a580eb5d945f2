"""What a race is made of: who asks, what is asked, and what came of it, with the times."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from api.endpoint import Endpoint

SERVER_ERROR = 500
TOO_MANY = 429


@dataclass(frozen=True)
class Racer:
    """Somebody who is signed in. `line` tells apart those that share an account."""

    name: str
    user_id: int
    token: Callable[[], str] = field(repr=False)
    line: int = 0


@dataclass(frozen=True)
class Ask:
    """One request to be sent, `delay` seconds after the others' start."""

    racer: Racer
    endpoint: Endpoint[Any]
    params: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    delay: float = 0.0


@dataclass(frozen=True)
class Act:
    """One request that was sent: between `sent` and `done` (seconds on one clock) the API had it in hand.

    `status` is None when no answer came: nobody knows then whether it was done. `answer` is decoded when it is what
    the route promises; else `problem` says what is wrong with it.
    """

    ask: Ask
    sent: float
    done: float
    status: int | None
    answer: Any = None
    problem: str = ""

    @property
    def acknowledged(self) -> bool:
        """The API has said that it was done."""
        return self.status == self.ask.endpoint.status and not self.problem

    @property
    def unknown(self) -> bool:
        """It may have been done or not."""
        return self.status is None or self.status >= SERVER_ERROR or (self.status < 300 and not self.acknowledged)

    @property
    def record(self) -> int | None:
        """The id of the record that it is about, if that is known."""
        if self.ask.endpoint.method == "POST":
            found = getattr(self.answer, "id", None)
            return None if found is None else int(found)
        return self.ask.params.get("id")

    @property
    def writes(self) -> bool:
        return self.ask.endpoint.method != "GET"


def acknowledged(acts: "list[Act]") -> "list[Act]":
    return [act for act in acts if act.acknowledged]
