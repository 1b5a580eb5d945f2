"""The kinds of record that the suite writes: where they are listed, and the order in which they can be removed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from api.endpoint import Endpoint
from api.endpoints import (
    CATALOGS,
    DELETE_ACCESS_CODE,
    DELETE_APPOINTMENT,
    DELETE_CONSULTATION,
    DELETE_DOCTOR,
    DELETE_EPISODE,
    DELETE_FILE,
    DELETE_INSURER,
    DELETE_NOTIFICATION,
    DELETE_PATIENT,
    DELETE_POLICY,
    DELETE_USER,
    LIST_ACCESS_CODES,
    LIST_APPOINTMENTS,
    LIST_CONSULTATIONS,
    LIST_DOCTORS,
    LIST_EPISODES,
    LIST_FILES,
    LIST_INSURERS,
    LIST_NOTIFICATIONS,
    LIST_PATIENTS,
    LIST_POLICIES,
    LIST_USERS,
)


@dataclass(frozen=True)
class Kind:
    """`searchable`: the list's search looks at the text that carries the mark. `dated`: it knows fecha_desde."""

    name: str
    listing: Endpoint
    remove: Endpoint
    searchable: bool = False
    dated: bool = False

    def filters(self, text: str, since: datetime) -> Mapping[str, object]:
        """What narrows the list down to candidates; which of them to remove, only their mark decides."""
        if self.searchable:
            return {"search": text}
        return {"fecha_desde": since} if self.dated else {}


KINDS = (
    Kind("notification", LIST_NOTIFICATIONS, DELETE_NOTIFICATION),
    Kind("access code", LIST_ACCESS_CODES, DELETE_ACCESS_CODE),
    Kind("file", LIST_FILES, DELETE_FILE, searchable=True),
    Kind("policy", LIST_POLICIES, DELETE_POLICY, searchable=True),
    Kind("consultation", LIST_CONSULTATIONS, DELETE_CONSULTATION, dated=True),
    Kind("episode", LIST_EPISODES, DELETE_EPISODE),
    Kind("appointment", LIST_APPOINTMENTS, DELETE_APPOINTMENT, dated=True),
    Kind("patient", LIST_PATIENTS, DELETE_PATIENT, searchable=True),
    Kind("doctor", LIST_DOCTORS, DELETE_DOCTOR, searchable=True),
    Kind("user", LIST_USERS, DELETE_USER, searchable=True),
    Kind("insurer", LIST_INSURERS, DELETE_INSURER),
    *(Kind("catalog entry", catalog.list_entries, catalog.delete_entry, searchable=True) for catalog in CATALOGS),
)
"""Children first: what a record belongs to can only go when the record is gone."""
