"""The kinds of record that the suite writes: where they are listed, and the order in which they can be removed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from api.endpoint import Endpoint
from api.endpoints import (
    ACCESS_CODE_STATES,
    APPOINTMENT_STATES,
    APPOINTMENT_TYPES,
    BLOOD_TYPES,
    CONSULTATION_STATES,
    DELETE_ACCESS_CODE,
    DELETE_ADDRESS,
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
    LIST_ADDRESSES,
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
    MARITAL_STATUSES,
    OCCUPATIONS,
    SPECIALTIES,
)
from records.marks import AnyMark, Mark


@dataclass(frozen=True)
class Kind:
    """`searchable`: the list's search looks at the text that carries the mark. `dated`: it knows fecha_desde."""

    name: str
    listing: Endpoint[Any]
    remove: Endpoint[Any]
    searchable: bool = False
    dated: bool = False
    users: tuple[Endpoint[Any], str] | None = None
    """A list whose rows may name the record, and the field: while one does, the record stays."""
    is_older: Callable[[Any, datetime], bool] | None = None
    """Of a list with the newest first: whether the row, and all that come after it, are from before a moment."""

    def filters(self, mark: Mark | AnyMark, since: datetime) -> Mapping[str, object]:
        """What narrows the list down to candidates; which of them to remove, only their mark decides."""
        if self.searchable:
            return {"search": mark.short if self.listing is BLOOD_TYPES.list_entries else mark.text}
        return {"fecha_desde": since} if self.dated else {}


TOLERANCE = timedelta(days=1)
"""Times may be shifted by the server's own zone."""


def _ended_before(episode: Any, moment: datetime) -> bool:
    """The list of episodes has those first that have ended last; open ones stand where they began."""
    latest: datetime = episode.fecha_fin or episode.fecha_inicio
    return latest < moment - TOLERANCE


ADDRESS = Kind("address", LIST_ADDRESSES, DELETE_ADDRESS)
"""The one kind without a list of all: each patient has one."""

CATALOG_USERS = (
    (SPECIALTIES, (LIST_DOCTORS, "id_especialidad")),
    (BLOOD_TYPES, (LIST_PATIENTS, "id_tipo_sangre")),
    (OCCUPATIONS, (LIST_PATIENTS, "id_ocupacion")),
    (MARITAL_STATUSES, (LIST_PATIENTS, "id_estado_civil")),
    (APPOINTMENT_STATES, (LIST_APPOINTMENTS, "id_estado_cita")),
    (APPOINTMENT_TYPES, (LIST_APPOINTMENTS, "id_tipo_cita")),
    (CONSULTATION_STATES, (LIST_CONSULTATIONS, "id_estado_consulta")),
    (ACCESS_CODE_STATES, (LIST_ACCESS_CODES, "id_estado_codigo")),
)

KINDS = (
    Kind("notification", LIST_NOTIFICATIONS, DELETE_NOTIFICATION),
    Kind("access code", LIST_ACCESS_CODES, DELETE_ACCESS_CODE),
    Kind("file", LIST_FILES, DELETE_FILE, searchable=True),
    Kind("policy", LIST_POLICIES, DELETE_POLICY, searchable=True),
    Kind("consultation", LIST_CONSULTATIONS, DELETE_CONSULTATION, dated=True),
    Kind("episode", LIST_EPISODES, DELETE_EPISODE, is_older=_ended_before),
    Kind("appointment", LIST_APPOINTMENTS, DELETE_APPOINTMENT, dated=True),
    Kind("patient", LIST_PATIENTS, DELETE_PATIENT, searchable=True),
    Kind("doctor", LIST_DOCTORS, DELETE_DOCTOR, searchable=True),
    Kind("user", LIST_USERS, DELETE_USER, searchable=True),
    Kind("insurer", LIST_INSURERS, DELETE_INSURER),
    *(
        Kind("catalog entry", catalog.list_entries, catalog.delete_entry, searchable=True, users=users)
        for catalog, users in CATALOG_USERS
    ),
)
"""Children first: what a record belongs to can only go when the record is gone."""
