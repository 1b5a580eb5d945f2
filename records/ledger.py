"""What one user has written and not yet taken away again."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from api.endpoint import Endpoint
from api.failures import NoAnswer, TaskCannotGoOn


class Entry(NamedTuple):
    """The route that removes a record, and the parameters of that route."""

    remove: Endpoint[Any]
    params: Mapping[str, Any]


class Ledger:
    """Records in the order in which they were made, so that children can go before what they belong to.

    `records` exist; of `attempts` nobody knows: the answer to their creation did not say that they do. The parameters
    of an attempt lack the record's id.
    """

    def __init__(self) -> None:
        self.records: list[Entry] = []
        self.attempts: list[Entry] = []

    def __bool__(self) -> bool:
        return bool(self.records or self.attempts)

    def tries(self, remove: Endpoint[Any], **params: Any) -> None:
        """A record is about to be made that `remove` with `params`, and its id, takes away."""
        self.attempts.append(Entry(remove, params))

    def wrote(self, remove: Endpoint[Any], *, id: int, **params: Any) -> None:
        """The record was made."""
        attempt = Entry(remove, params)
        if attempt in self.attempts:
            self.attempts.remove(attempt)
        self.records.append(Entry(remove, {**params, "id": id}))

    def failed(self, remove: Endpoint[Any], **params: Any) -> None:
        """The record that was tried was refused."""
        attempt = Entry(remove, params)
        if attempt in self.attempts:
            self.attempts.remove(attempt)

    def removed(self, remove: Endpoint[Any], **params: Any) -> None:
        """The record is gone. Of an unknown one, nothing happens."""
        entry = Entry(remove, params)
        if entry in self.records:
            self.records.remove(entry)

    def settle(self, call: Callable[..., Any]) -> None:
        """Removes the youngest first; what the API refuses to remove stays in the ledger.

        A server that does not answer at all is not asked for the rest: a user that leaves must not hang on to it.
        """
        for entry in reversed(self.records[:]):
            try:
                call(entry.remove, **entry.params)
            except TaskCannotGoOn as failure:
                if isinstance(failure.reason, NoAnswer):
                    return
            else:
                self.records.remove(entry)
