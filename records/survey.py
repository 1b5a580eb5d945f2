"""What one CMS is like: whatever the suite must know of it that differs from deployment to deployment."""

from argparse import Namespace
from datetime import timedelta
from typing import Any

import msgspec

from api.endpoint import Endpoint
from api.endpoints import (
    CREATE_ADDRESS,
    CREATE_DOCTOR,
    CREATE_PATIENT,
    CREATE_USER,
    DELETE_ADDRESS,
    UPDATE_ADDRESS,
    Catalog,
)
from api.failures import NothingToDo

COLONIA, ROLES = "colonia", "roles"
NEEDS = {
    CREATE_ADDRESS: COLONIA,
    UPDATE_ADDRESS: COLONIA,
    DELETE_ADDRESS: COLONIA,
    CREATE_USER: ROLES,
    CREATE_PATIENT: ROLES,
    CREATE_DOCTOR: ROLES,
}
"""Routes that cannot be used without a fact, which may be missing from a survey."""


OF_THE_HOST, OF_THE_OTHER = "survey", "survey_of_the_other"
"""Where the options keep what was learned: of the host, and of the one that a duet holds it against."""


class Survey(msgspec.Struct, frozen=True):
    """What was learned of the CMS at `host`, by reading only. Everything may be missing; nothing is guessed then.

    `roles` maps the suite's names of roles to the CMS's ids, `catalogs` the path of a catalog to the ids in it,
    `answers` every readable route that was asked to "" or to what it answered instead, `unknown` what could not be
    learned to the reason. `time_shift` is in minutes: how far a time as read lies after the same time as written.
    """

    host: str = ""
    roles: dict[str, int] = {}
    catalogs: dict[str, list[int]] = {}
    colonia: int | None = None
    answers: dict[str, str] = {}
    empty: list[str] = []
    roles_enforced: bool | None = None
    keep_alive: float | None = None
    largest_page: int | None = None
    time_shift: int | None = None
    unknown: dict[str, str] = {}

    @property
    def broken(self) -> dict[str, str]:
        """The readable routes that did not answer as they should, and what they answered."""
        return {route: answer for route, answer in self.answers.items() if answer}

    @property
    def shift(self) -> timedelta:
        return timedelta(minutes=self.time_shift or 0)

    def entries(self, catalog: Catalog) -> list[int]:
        """The ids of the catalog's entries, the oldest first; empty when there are none, or none could be read."""
        return self.catalogs.get(catalog.list_entries.path, [])

    def entry(self, catalog: Catalog, number: int) -> int | None:
        """The id of the catalog's entry with this number, counted from 0; the last one when there are fewer."""
        ids = self.entries(catalog)
        return ids[min(number, len(ids) - 1)] if ids else None

    def role_id(self, role: str) -> int:
        """Raises NothingToDo when it is not known."""
        if role not in self.roles:
            raise NothingToDo
        return self.roles[role]

    def known_colonia(self) -> int:
        """Raises NothingToDo when none is known."""
        if self.colonia is None:
            raise NothingToDo
        return self.colonia

    def lacks(self, endpoint: Endpoint[Any]) -> str:
        """Why the route cannot be used on this CMS; empty when nothing is known against it."""
        return self.unknown.get(NEEDS.get(endpoint, ""), "")


def remember(options: Namespace, survey: Survey, place: str = OF_THE_HOST) -> None:
    """Locust sends the master's options to its workers before a test starts there, and to whoever joins later."""
    setattr(options, place, msgspec.to_builtins(survey))


def remembered(options: Namespace, place: str = OF_THE_HOST) -> Survey:
    """The latest survey; one that knows nothing when there was none."""
    return msgspec.convert(getattr(options, place, {}), Survey)
