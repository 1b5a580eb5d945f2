"""Where records of the suite can be: with the people whom it signs in, since it writes by no other accounts."""

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from api.endpoint import Endpoint
from api.endpoints import LIST_AUDIT_ENTRIES, LIST_DOCTORS, LIST_PATIENTS
from records.mark_fields import carries
from records.marks import AnyMark, Mark
from records.paging import rows_of

Place = Mapping[str, Any]
"""The parameters of a list that narrow it down."""
APPOINTMENT, CREATED = "CITA", "CREATE"
AROUND = timedelta(days=1)
"""How far from its creation an appointment without a booking lies, and times may be shifted."""


class Person(NamedTuple):
    """A patient or a doctor behind one of the accounts."""

    id: int
    user_id: int


class Whereabouts:
    """Of the people with these user names, as the CMS knows them now; nothing older than `since` is asked for.

    With a `mark`, people whom a run has made belong to them: an access audit writes for its own only.
    """

    def __init__(
        self, call: Callable[..., Any], usernames: Collection[str], since: datetime, mark: Mark | AnyMark | None = None
    ) -> None:
        self._call = call
        self._mark = mark
        self._usernames = frozenset(usernames)
        self._since = since
        self._created: dict[int, dict[int, datetime]] = {}

    @cached_property
    def patients(self) -> list[Person]:
        return self._people(LIST_PATIENTS)

    @cached_property
    def doctors(self) -> list[Person]:
        return self._people(LIST_DOCTORS)

    def addresses(self) -> Iterator[Place]:
        """Addresses have no list of all, only one for each patient."""
        return ({"patient_id": person.id} for person in self.patients)

    def consultations(self) -> Iterator[Place]:
        return ({"medico_id": person.id, "fecha_desde": self._since} for person in self.doctors)

    def appointments(self) -> Iterator[tuple[Person, Place]]:
        """Whose they are, too. Patients book for themselves; doctors give one to whoever comes without."""
        for person in self.patients:
            yield person, {"paciente_id": person.id, "fecha_desde": self._since}
        for person in self.doctors:
            days = {created.replace(hour=0, minute=0, second=0, microsecond=0) for created in self._by(person).values()}
            for day in sorted(days):
                window = {"fecha_desde": day - AROUND, "fecha_hasta": day + 2 * AROUND}
                yield person, {"medico_id": person.id, **window}

    def has_created(self, person: Person, appointment_id: int) -> bool:
        """Whether the audit log says that the person's account has made the appointment."""
        return appointment_id in self._by(person)

    def _by(self, person: Person) -> Mapping[int, datetime]:
        if person.user_id not in self._created:
            query = {"usuario_id": person.user_id, "entidad": APPOINTMENT, "accion": CREATED}
            rows = rows_of(self._call, LIST_AUDIT_ENTRIES, **query, fecha_desde=self._since)
            found = {row.entidad_id: row.fecha_hora for row in rows if row.entidad == APPOINTMENT}
            self._created[person.user_id] = found
        return self._created[person.user_id]

    def _people(self, listing: Endpoint[Any]) -> list[Person]:
        """Test accounts have names that begin alike: one search finds them without the rest of a large clinic."""
        groups: dict[str, list[str]] = {}
        for name in self._usernames:
            groups.setdefault(name[:3], []).append(name)
        found: dict[int, Person] = {}
        for names in groups.values():
            beginning = os.path.commonprefix(names)  # noqa: RUF071 - names, not paths
            for row in rows_of(self._call, listing, search=beginning):
                if row.username in self._usernames:
                    found[row.id] = Person(row.id, row.usuario_id)
        if self._mark is not None:
            for row in rows_of(self._call, listing, search=self._mark.text):
                if carries(self._mark, row):
                    found[row.id] = Person(row.id, row.usuario_id)
        return list(found.values())
