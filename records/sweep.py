"""Finds what runs of the suite have left in a CMS, by their mark, and removes it; touches nothing else."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from api.endpoint import Endpoint
from api.endpoints import DELETE_ADDRESS, LIST_ADDRESSES, LIST_PATIENTS
from api.failures import TaskCannotGoOn
from records.kinds import KINDS, Kind
from records.marks import AnyMark, Mark
from records.paging import rows_of
from records.traces import carries

Call = Callable[..., Any]
"""ApiClient.call of a signed-in administrator."""


class Stayed(NamedTuple):
    """A record that carries the mark and could not be removed."""

    kind: str
    id: int
    reason: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id} ({self.reason})"


@dataclass
class Swept:
    """What a sweep did: how many records of each kind it removed, and what stayed."""

    removed: Counter[str] = field(default_factory=Counter)
    stayed: list[Stayed] = field(default_factory=list)

    def __str__(self) -> str:
        if not self.removed:
            return "nothing to remove"
        parts = [f"{count} {kind}" for kind, count in self.removed.items()]
        return f"removed {self.removed.total()} records ({', '.join(parts)})"


class Sweep:
    """One sweep. `usernames` are the patients whose addresses are looked through: addresses have no list of all.

    `since` bounds the search in lists that know dates: nothing older is looked at.
    """

    def __init__(self, call: Call, mark: Mark | AnyMark, since: datetime, usernames: Collection[str]) -> None:
        self._call = call
        self._mark = mark
        self._since = since
        self._usernames = frozenset(usernames)
        self.result = Swept()

    def run(self, tell: Callable[[str], None] = lambda _: None) -> Swept:
        """Removes everything, children first; tells each kind before it looks for it.

        Raises TaskCannotGoOn when a list cannot be read; what the API refuses to remove is in the result.
        """
        tell("address")
        self._sweep_addresses()
        for kind in KINDS:
            tell(kind.name)
            for row in list(self._marked(kind)):
                if self._is_used(kind, row.id):
                    self.result.stayed.append(Stayed(kind.name, row.id, "somebody uses it"))
                else:
                    self._remove(kind.name, kind.remove, row.id)
        return self.result

    def _marked(self, kind: Kind) -> Iterator[Any]:
        filters = kind.filters(self._mark.text, self._since)
        return (row for row in rows_of(self._call, kind.listing, **filters) if carries(self._mark, row))

    def _is_used(self, kind: Kind, record_id: int) -> bool:
        """Whether somebody's record names this one: the API might clear the reference instead of refusing."""
        if kind.users is None:
            return False
        listing, field_name = kind.users
        return any(getattr(row, field_name) == record_id for row in rows_of(self._call, listing))

    def _sweep_addresses(self) -> None:
        if not self._usernames:
            return
        for patient in list(rows_of(self._call, LIST_PATIENTS)):
            if patient.username in self._usernames:
                for address in self._call(LIST_ADDRESSES, patient_id=patient.id).data:
                    if carries(self._mark, address):
                        self._remove("address", DELETE_ADDRESS, address.id, patient_id=patient.id)

    def _remove(self, kind: str, endpoint: Endpoint, record_id: int, **params: Any) -> None:
        try:
            self._call(endpoint, id=record_id, **params)
            self.result.removed[kind] += 1
        except TaskCannotGoOn as failure:
            self.result.stayed.append(Stayed(kind, record_id, str(failure)))
