"""What a person remembers from one task to the next."""

from collections.abc import Iterable
from random import Random
from typing import Generic, TypeVar

from api.failures import NothingToDo

REMEMBERED = 20

Thing = TypeVar("Thing")


class Seen(Generic[Thing]):
    """What was on the screen lately, and can therefore be opened."""

    __slots__ = ("_rng", "_things")

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._things: list[Thing] = []  # a deque would be ten times as large while there is nothing in it

    def __bool__(self) -> bool:
        return bool(self._things)

    def remember(self, things: Iterable[Thing]) -> None:
        self._things = [*self._things, *things][-REMEMBERED:]

    def pick(self) -> Thing:
        """One of the things seen. Raises NothingToDo when there is none."""
        if not self._things:
            raise NothingToDo
        return self._rng.choice(self._things)

    def take(self) -> Thing:
        """The thing seen last, which is forgotten now. Raises NothingToDo when there is none."""
        if not self._things:
            raise NothingToDo
        return self._things.pop()


class Deck(Generic[Thing]):
    """Alternatives that come in any order, each once before any comes again."""

    __slots__ = ("_cards", "_left", "_rng")

    def __init__(self, cards: Iterable[Thing], rng: Random) -> None:
        self._cards = list(cards)
        self._rng = rng
        self._left: list[Thing] = []

    def draw(self) -> Thing:
        if not self._left:
            self._left = self._rng.sample(self._cards, len(self._cards))
        return self._left.pop()
