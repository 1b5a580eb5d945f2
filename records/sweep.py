"""Finds what runs of the suite have left in a CMS, by their mark, and removes it; touches nothing else."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from api.endpoints import LIST_PATIENTS
from api.failures import TaskCannotGoOn
from records.mark_fields import carries
from records.marks import AnyMark, Mark
from records.paging import rows_of
from records.record_types import ADDRESS, KINDS, Kind
from records.remains import Remains

Call = Callable[..., Any]
"""ApiClient.call of a signed-in administrator."""


NOT_FOUND = 404


class Stayed(NamedTuple):
    """A record that carries the mark and could not be removed."""

    kind: str
    id: int
    reason: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id} ({self.reason})"


@dataclass
class Swept:
    """What a sweep did: how many records of each kind it removed, what stayed, and which kinds it could not look at."""

    removed: Counter[str] = field(default_factory=Counter)
    stayed: list[Stayed] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        if not self.removed:
            return "nothing to remove" if not self.unread else "nothing removed"
        parts = [f"{count} {kind}" for kind, count in self.removed.items()]
        return f"removed {self.removed.total()} records ({', '.join(parts)})"

    def problems(self) -> Iterator[str]:
        """What is not done, a sentence each; nothing when it is done to its end."""
        if self.stayed:
            kinds = Counter(record.kind for record in self.stayed)
            yield f"records were left behind: {', '.join(f'{count} {kind}' for kind, count in kinds.items())}"
        for kind, reason in self.unread.items():
            yield f"not looked to the end for records of kind {kind}: {reason}"


class Sweep:
    """One sweep. `since` bounds the search in lists that know dates: nothing older is looked at.

    A list that cannot be read does not end it: the result names the kind, and the others are looked through.
    """

    def __init__(self, call: Call, mark: Mark | AnyMark, since: datetime) -> None:
        self._call = call
        self._mark = mark
        self._since = since
        self.result = Swept()

    def everything(self, usernames: Collection[str], tell: Callable[[str], None] = lambda _: None) -> Swept:
        """Looks for records of every kind and removes them, children first; tells each kind before it looks for it.

        `usernames` are the patients whose addresses are looked through: addresses have no list of all.
        """
        tell(ADDRESS.name)
        self._look_through(ADDRESS, self._patients(usernames))
        for kind in KINDS:
            tell(kind.name)
            self._look_through(kind)
        return self.result

    def remains(self, remains: Remains) -> Swept:
        """Removes what the users of a run have left, and looks only where something may be that they do not know of."""
        for kind in (ADDRESS, *KINDS):
            for entry in remains.records:
                if entry.remove is kind.remove:
                    self._remove(kind, entry.params)
            places = [entry.params for entry in remains.places if entry.remove is kind.remove]
            if places:
                self._look_through(kind, places)
        return self.result

    def _look_through(self, kind: Kind, places: Iterable[Mapping[str, Any]] = ({},)) -> None:
        """`places` are the parameters of the lists that hold the records: most kinds have one list without any."""
        try:
            for place in places:
                for row in list(self._marked(kind, place)):
                    if self._is_used(kind, row.id):
                        self.result.stayed.append(Stayed(kind.name, row.id, "somebody uses it"))
                    else:
                        self._remove(kind, {**place, "id": row.id})
        except TaskCannotGoOn as failure:
            self.result.unread[kind.name] = str(failure)

    def _patients(self, usernames: Collection[str]) -> Iterator[Mapping[str, Any]]:
        wanted = frozenset(usernames)
        if wanted:
            for patient in rows_of(self._call, LIST_PATIENTS):
                if patient.username in wanted:
                    yield {"patient_id": patient.id}

    def _marked(self, kind: Kind, place: Mapping[str, Any]) -> Iterator[Any]:
        filters = kind.filters(self._mark, self._since)
        return (row for row in rows_of(self._call, kind.listing, **place, **filters) if carries(self._mark, row))

    def _is_used(self, kind: Kind, record_id: int) -> bool:
        """Whether somebody's record names this one: the API might clear the reference instead of refusing."""
        if kind.users is None:
            return False
        listing, field_name = kind.users
        return any(getattr(row, field_name) == record_id for row in rows_of(self._call, listing))

    def _remove(self, kind: Kind, params: Mapping[str, Any]) -> None:
        try:
            self._call(kind.remove, **params)
            self.result.removed[kind.name] += 1
        except TaskCannotGoOn as failure:
            if failure.reason.status != NOT_FOUND:
                self.result.stayed.append(Stayed(kind.name, params["id"], str(failure)))
