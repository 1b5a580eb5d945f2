"""Asks a CMS what it is like: every readable route once, by small pages, and nothing that writes."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from api.endpoint import Endpoint
from api.endpoints import (
    CATALOGS,
    ENDPOINTS,
    GET_USER,
    LIST_ADDRESSES,
    LIST_ASSOCIATIONS,
    LIST_DOCTORS,
    LIST_FILES,
    LIST_PATIENTS,
    LIST_USERS,
)
from api.failures import NoAnswer, TaskCannotGoOn
from records.mark_fields import lasting

ROWS = 100
LARGE_PAGE = 1000
PATIENTS_ASKED = 20
PEOPLE_ASKED = 5
MAX_SILENCES = 3
TRIES = 2

Call = Callable[..., Any]
"""ApiClient.call of somebody who is signed in."""
RoleNames = Mapping[str, tuple[str, ...]]


class Surveyor:
    """One survey: `answers` grows with each question, `rows` holds what the lists showed, by their paths."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._silences = 0
        self.answers: dict[str, str] = {}
        self.rows: dict[str, list[Any]] = {}

    def ask(self, endpoint: Endpoint[Any], **params: Any) -> Any:
        """The answer, or None when it is not as promised, twice: a single bad moment breaks no route.

        Raises TaskCannotGoOn when nobody answers any more.
        """
        problem = ""
        for _ in range(TRIES):
            try:
                answer = self._call(endpoint, **params)
            except TaskCannotGoOn as failure:
                problem = str(failure)
                self._silences += isinstance(failure.reason, NoAnswer)
                if self._silences >= MAX_SILENCES:
                    raise
                if isinstance(failure.reason, NoAnswer):
                    break
                continue
            self.answers.setdefault(str(endpoint), "")
            return answer
        self.answers[str(endpoint)] = problem
        return None

    def read_everything(self) -> None:
        """Asks every readable route for which the lists before it gave what it needs."""
        for endpoint in ENDPOINTS:
            if endpoint.method != "GET":
                continue
            if not endpoint.path_keys and endpoint is not LIST_ASSOCIATIONS:
                self._read(endpoint)
            elif endpoint.path_keys == ("id",):
                for row in lasting(self.rows.get(endpoint.path.removesuffix("/{id}"), []))[:1]:
                    self.ask(endpoint, id=row.id)
        for file in self.rows.get(LIST_FILES.path, [])[:1]:
            self.ask(LIST_ASSOCIATIONS, archivo_id=file.id)

    def colonia(self) -> int | None:
        """One that an existing patient lives in: colonias have no route of their own."""
        newest = self.rows.get(LIST_PATIENTS.path, [])[:PATIENTS_ASKED]
        return self._colonia_of(newest) or self._colonia_of(self._oldest_patients(len(newest)))

    def roles(self, names: RoleNames) -> dict[str, int]:
        """The id of each role, by the accounts that have it."""
        found = role_ids(self.rows.get(LIST_USERS.path, []), names)
        for listing in (LIST_DOCTORS, LIST_PATIENTS):
            for row in self.rows.get(listing.path, [])[:PEOPLE_ASKED]:
                if found.keys() == names.keys():
                    break
                user = self.ask(GET_USER, id=row.usuario_id)
                found |= role_ids([user] if user else [], names)
        return found

    def catalogs(self) -> dict[str, list[int]]:
        """The ids in each catalog that could be read, in their order, without those that runs have made."""
        paths = [catalog.list_entries.path for catalog in CATALOGS]
        return {path: sorted(row.id for row in lasting(self.rows[path])) for path in paths if path in self.rows}

    def largest_page(self) -> int | None:
        """The most rows that a page may have; None when no limit was met."""
        if len(self.rows.get(LIST_USERS.path, [])) < ROWS:
            return None
        page = self.ask(LIST_USERS, limit=LARGE_PAGE)
        if page is None or len(page.data) >= min(LARGE_PAGE, page.pagination.total):
            return None
        return len(page.data)

    def _read(self, endpoint: Endpoint[Any]) -> None:
        answer = self.ask(endpoint, **({"limit": ROWS} if "limit" in endpoint.query else {}))
        if answer is not None and hasattr(answer, "data"):
            self.rows[endpoint.path] = answer.data

    def _oldest_patients(self, seen: int) -> list[Any]:
        if seen < PATIENTS_ASKED:
            return []
        first = self.ask(LIST_PATIENTS, limit=1)
        offset = first.pagination.total - PATIENTS_ASKED if first else 0
        page = self.ask(LIST_PATIENTS, limit=PATIENTS_ASKED, offset=max(0, offset))
        return page.data if page else []

    def _colonia_of(self, patients: Iterable[Any]) -> int | None:
        for patient in patients:
            addresses = self.ask(LIST_ADDRESSES, patient_id=patient.id)
            if addresses is None:
                return None
            for address in addresses.data:
                return int(address.id_colonia)
        return None


def role_ids(users: Iterable[Any], names: RoleNames) -> dict[str, int]:
    """The id of each role that one of the users has."""
    called = {name: role for role, group in names.items() for name in group}
    return {called[user.rol_nombre]: user.rol_id for user in users if user.rol_nombre in called}
