"""What the two sides of one pair have done, noted under the same rows as requests and journeys are."""

from collections.abc import Hashable

from api.endpoint import Endpoint
from reporting.metrics.journey_event import JOURNEY
from reporting.metrics.pairs import Answered, PairBook


class PairNotes:
    """A Witness, for a pair of this `role`; the `book` is that of its process."""

    def __init__(self, role: str, book: PairBook) -> None:
        self._role = role
        self._book = book

    def step(self, what: Hashable, new: Answered, old: Answered, new_first: bool) -> None:
        assert isinstance(what, Endpoint)
        self._book.count((self._role, what.method, what.path), new, old, new_first)

    def journey(self, name: str, new: Answered, old: Answered, new_first: bool) -> None:
        self._book.count((self._role, JOURNEY, name), new, old, new_first)

    def alone(self, what: Hashable) -> None:
        assert isinstance(what, Endpoint)
        self._book.unmatched((self._role, what.method, what.path))
