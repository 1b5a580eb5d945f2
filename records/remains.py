"""What the users of a run leave to its clean-up: records they could not remove, and creations without a known end."""

from collections.abc import Iterable, Mapping
from typing import Any

from api.endpoint import Endpoint
from api.endpoints import ENDPOINTS
from records.ledger import Entry, Ledger

_BY_NAME: Mapping[str, Endpoint[Any]] = {str(endpoint): endpoint for endpoint in ENDPOINTS}

Payload = list[tuple[str, dict[str, Any]]]
"""Entries as they travel from a worker: the name of the route that removes, and its parameters."""


class Remains:
    """Filled by each user that leaves; on the master, by what the workers hand over."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []

    def __bool__(self) -> bool:
        return bool(self._entries)

    def take_over(self, ledger: Ledger) -> None:
        self._entries += ledger.records + ledger.attempts

    def hand_over(self) -> Payload:
        """Everything, which is somebody else's from now on."""
        entries, self._entries = self._entries, []
        return [(str(entry.remove), dict(entry.params)) for entry in entries]

    def add(self, payload: Iterable[tuple[str, dict[str, Any]]]) -> None:
        self._entries += [Entry(_BY_NAME[name], params) for name, params in payload]

    @property
    def records(self) -> list[Entry]:
        """Those that exist."""
        return [entry for entry in self._entries if "id" in entry.params]

    @property
    def places(self) -> list[Entry]:
        """Where a record may be that nobody knows of; each once."""
        found: list[Entry] = []
        for entry in self._entries:
            if "id" not in entry.params and entry not in found:
                found.append(entry)
        return found
