"""Finds what runs of the suite have left in a CMS, by their mark, and removes it; touches nothing else."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from api.endpoints import LIST_APPOINTMENTS, LIST_CONSULTATIONS
from api.failures import TaskCannotGoOn
from records.mark_fields import carries
from records.marks import AnyMark, Mark
from records.paging import rows_of
from records.record_types import ADDRESS, KINDS, Kind
from records.remains import Remains
from records.survey import Survey
from records.whereabouts import Whereabouts

Call = Callable[..., Any]
"""ApiClient.call of a signed-in administrator."""
Tell = Callable[[str], None]


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
            yield f"not looked to the end for records of kind {kind}, of which some may be left: {reason}"


class Found(NamedTuple):
    """A record that carries the mark, and the parameters of the route that removes it."""

    kind: Kind
    params: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.kind.name} {self.params['id']}"


class Sweep:
    """One sweep. `since` bounds the search in lists that know dates: nothing older is looked at.

    A list that cannot be read does not end it: the result names the kind, and the others are looked through. What the
    run's `survey` says cannot be created is not looked for.
    """

    def __init__(self, call: Call, mark: Mark | AnyMark, since: datetime, survey: Survey | None = None) -> None:
        self._call = call
        self._mark = mark
        self._since = since
        self._kinds = [kind for kind in (ADDRESS, *KINDS) if survey is None or not survey.lacks(kind.remove)]
        self._used: dict[str, Collection[int]] = {}
        self.result = Swept()

    def everything(self, usernames: Collection[str]) -> Swept:
        """Looks for records of every kind that these accounts may have made, and removes them, children first."""
        return self.remove(self.find(usernames))

    def find(self, usernames: Collection[str], tell: Tell = lambda _: None) -> list[Found]:
        """What would be removed, in that order; tells each kind before it looks for it."""
        where = Whereabouts(self._call, usernames, self._since, self._mark)
        found: list[Found] = []
        for kind in self._kinds:
            tell(kind.name)
            found += self._look_for(kind, self._marked(kind, where))
        return found

    def remove(self, found: Iterable[Found], tell: Tell = lambda _: None) -> Swept:
        """Removes them; what somebody else's record names stays."""
        for kind, params in found:
            tell(kind.name)
            try:
                in_use = self._is_used(kind, params["id"])
            except TaskCannotGoOn as failure:
                self.result.stayed.append(Stayed(kind.name, params["id"], f"nobody knows who uses it: {failure}"))
                continue
            if in_use:
                self.result.stayed.append(Stayed(kind.name, params["id"], "somebody uses it"))
            else:
                self._remove(kind, params)
        return self.result

    def remains(self, remains: Remains, usernames: Collection[str] = ()) -> Swept:
        """Removes what the users of a run, who had these accounts, have left, and looks only where something may be
        that they do not know of."""
        where = Whereabouts(self._call, usernames, self._since, self._mark)
        for kind in (ADDRESS, *KINDS):
            for entry in remains.records:
                if entry.remove is kind.remove:
                    self._remove(kind, entry.params)
            for place in [entry.params for entry in remains.places if entry.remove is kind.remove]:
                marked = self._in_place(kind, place, {}) if kind is ADDRESS else self._marked(kind, where)
                self.remove(self._look_for(kind, marked))
        return self.result

    def _look_for(self, kind: Kind, marked: Iterable[Found]) -> list[Found]:
        """What is found until the list, if it does, cannot be read any further."""
        found: list[Found] = []
        try:
            found.extend(marked)
        except TaskCannotGoOn as failure:
            self.result.unread[kind.name] = str(failure)
        return found

    def _marked(self, kind: Kind, where: Whereabouts) -> Iterator[Found]:
        if kind is ADDRESS:
            for place in where.addresses():
                yield from self._in_place(kind, place, {})
        elif kind.listing is LIST_CONSULTATIONS:
            for place in where.consultations():
                yield from self._in_place(kind, {}, place)
        elif kind.listing is LIST_APPOINTMENTS:
            yield from self._appointments(kind, where)
        else:
            yield from self._in_place(kind, {}, kind.filters(self._mark, self._since))

    def _appointments(self, kind: Kind, where: Whereabouts) -> Iterator[Found]:
        """An appointment has no text. Its times alone prove nothing: a test account must have it, and where it may be
        any run's, the audit log must say that this account has made it."""
        seen: set[int] = set()
        for person, place in where.appointments():
            for found in self._in_place(kind, {}, place):
                number = found.params["id"]
                if number not in seen and (isinstance(self._mark, Mark) or where.has_created(person, number)):
                    seen.add(number)
                    yield found

    def _in_place(self, kind: Kind, place: Mapping[str, Any], filters: Mapping[str, Any]) -> Iterator[Found]:
        for row in rows_of(self._call, kind.listing, **place, **filters):
            if kind.is_older is not None and kind.is_older(row, self._since):
                return
            if carries(self._mark, row):
                yield Found(kind, {**place, "id": row.id})

    def _is_used(self, kind: Kind, record_id: int) -> bool:
        """Whether somebody's record names this one: the API might clear the reference instead of refusing."""
        if kind.users is None:
            return False
        listing, field_name = kind.users
        if field_name in listing.query:
            return bool(self._call(listing, **{field_name: record_id}, limit=1).data)
        if field_name not in self._used:
            self._used[field_name] = {getattr(row, field_name) for row in rows_of(self._call, listing)}
        return record_id in self._used[field_name]

    def _remove(self, kind: Kind, params: Mapping[str, Any]) -> None:
        try:
            self._call(kind.remove, **params)
            self.result.removed[kind.name] += 1
        except TaskCannotGoOn as failure:
            if failure.reason.status != NOT_FOUND:
                self.result.stayed.append(Stayed(kind.name, params["id"], str(failure)))
