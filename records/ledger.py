"""What one user has written and not yet taken away again."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from api.endpoint import Endpoint
from api.failures import TaskCannotGoOn


class Entry(NamedTuple):
    """A record that exists: the route that removes it, and the parameters of that route."""

    remove: Endpoint
    params: Mapping[str, Any]


class Ledger:
    """Records in the order in which they were made, so that children can go before what they belong to."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []

    def __len__(self) -> int:
        return len(self._entries)

    def wrote(self, remove: Endpoint, **params: Any) -> None:
        """A record was made that `remove` with `params` takes away."""
        self._entries.append(Entry(remove, params))

    def removed(self, remove: Endpoint, **params: Any) -> None:
        """The record is gone. Of an unknown one, nothing happens."""
        entry = Entry(remove, params)
        if entry in self._entries:
            self._entries.remove(entry)

    def settle(self, call: Callable[..., Any]) -> None:
        """Removes everything, the youngest first; what the API refuses to remove stays for the sweep."""
        while self._entries:
            entry = self._entries.pop()
            try:
                call(entry.remove, **entry.params)
            except TaskCannotGoOn:
                continue
