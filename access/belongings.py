"""The records that an audit asks for: made by an administrator for people of the audit's own, and taken away again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from api.endpoint import Endpoint
from api.endpoints import (
    BLOOD_TYPES,
    CATALOGS,
    CREATE_ACCESS_CODE,
    CREATE_ADDRESS,
    CREATE_APPOINTMENT,
    CREATE_CONSULTATION,
    CREATE_DOCTOR,
    CREATE_EPISODE,
    CREATE_FILE,
    CREATE_INSURER,
    CREATE_NOTIFICATION,
    CREATE_PATIENT,
    CREATE_POLICY,
    CREATE_USER,
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
)
from api.failures import NothingToDo, TaskCannotGoOn
from records.ledger import Ledger
from records.payloads import DOCTOR, PATIENT, Payloads
from users.accounts import Account

DUPLICATE = 409
MAX_DUPLICATES = 100
"""Where a sequence lies behind its table, each try takes it one further."""
USER, FILE, ASSOCIATION = "user", "file", "association"
CLINICAL = ("address", "appointment", "episode", "consultation", FILE, "policy", "notification")


@dataclass(frozen=True)
class Belongings:
    """What belongs to one patient, and the doctor who sees that patient: ids by kind of record, texts to search for."""

    ids: Mapping[str, int] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    accounts: Mapping[str, Account] = field(default_factory=dict)

    def with_id(self, kind: str, record_id: int) -> "Belongings":
        return replace(self, ids={**self.ids, kind: record_id})

    def with_text(self, kind: str, text: str) -> "Belongings":
        return replace(self, texts={**self.texts, kind: text})


class Maker:
    """Makes records through the `call` of a signed-in administrator; `ledger` holds what is still to be removed.

    Everything carries the run's mark, so that a sweep finds what a killed run has left. What cannot be made on this
    CMS stands in `missing`, with the reason.
    """

    def __init__(self, call: Callable[..., Any], payloads: Payloads) -> None:
        self._call = call
        self._payloads = payloads
        self.ledger = Ledger()
        self.missing: dict[str, str] = {}

    def clinic(self) -> Belongings:
        """A doctor, a patient of that doctor, and one of each record that the two have."""
        mine = self._person(DOCTOR, CREATE_DOCTOR, DELETE_DOCTOR, Belongings())
        mine = self._person(PATIENT, CREATE_PATIENT, DELETE_PATIENT, mine)
        for kind in ("insurer", *CLINICAL):
            mine = self.try_to_make(kind, mine)
        return mine

    def spares(self, owner: Belongings) -> Belongings:
        """With one of each record that belongs to nobody: an account, an access code, an entry in each catalog."""
        kinds = (USER, "access code", *(catalog.list_entries.path for catalog in CATALOGS))
        for kind in kinds:
            owner = self.try_to_make(kind, owner)
        return owner

    def try_to_make(self, kind: str, owner: Belongings) -> Belongings:
        """The belongings with a new record of this kind; unchanged when it cannot be made here."""
        try:
            return self.make(kind, owner)
        except NothingToDo:
            self.missing.setdefault(kind, "the survey knows no id that it needs")
        except KeyError as needed:
            self.missing.setdefault(kind, self.missing.get(str(needed.args[0]), "it belongs to what is missing"))
        except TaskCannotGoOn as failure:
            self.missing.setdefault(kind, str(failure))
        return owner

    def make(self, kind: str, owner: Belongings) -> Belongings:
        """The belongings with a new record of this kind. Raises TaskCannotGoOn, NothingToDo or KeyError if it cannot.

        An association comes with its file.
        """
        ids, payloads, texts = owner.ids, self._payloads, dict(owner.texts)
        if kind in ("patient", "doctor"):
            return self._record_of_a_new_user(kind, owner)
        if kind in (FILE, ASSOCIATION):
            body = payloads.study(ids["patient"])
            made = self._create(CREATE_FILE, body, DELETE_FILE)
            texts[FILE] = body["url"]
            return replace(owner, ids={**ids, FILE: made.id, ASSOCIATION: made.association_id}, texts=texts)
        if kind == "address":
            place = {"patient_id": ids["patient"]}
            made = self._create(CREATE_ADDRESS, payloads.address(), DELETE_ADDRESS, **place)
        else:
            create, body, remove = self._plain(kind, ids)
            made = self._create(create, body, remove)
        return owner.with_id(kind, made.id)

    def _plain(self, kind: str, ids: Mapping[str, int]) -> tuple[Endpoint[Any], dict[str, Any], Endpoint[Any]]:
        payloads = self._payloads
        match kind:
            case "user":
                return CREATE_USER, payloads.account(), DELETE_USER
            case "appointment":
                visit = payloads.appointment(ids["patient"], ids["doctor"], tomorrow())
                return CREATE_APPOINTMENT, visit, DELETE_APPOINTMENT
            case "episode":
                return CREATE_EPISODE, payloads.episode(ids["patient"]), DELETE_EPISODE
            case "consultation":
                note = payloads.consultation(ids["appointment"], ids["patient"], ids["doctor"], ids["episode"])
                return CREATE_CONSULTATION, note, DELETE_CONSULTATION
            case "insurer":
                return CREATE_INSURER, payloads.insurer(), DELETE_INSURER
            case "policy":
                return CREATE_POLICY, payloads.policy(ids["patient"], ids["insurer"]), DELETE_POLICY
            case "notification":
                message = payloads.notification(ids["user of patient"], sent=True)
                return CREATE_NOTIFICATION, message, DELETE_NOTIFICATION
            case "access code":
                return CREATE_ACCESS_CODE, payloads.access_code(ids[USER]), DELETE_ACCESS_CODE
        catalog = next(catalog for catalog in CATALOGS if catalog.list_entries.path == kind)
        entry = payloads.blood_type() if catalog is BLOOD_TYPES else payloads.catalog_entry()
        return catalog.create_entry, entry, catalog.delete_entry

    def _record_of_a_new_user(self, kind: str, owner: Belongings) -> Belongings:
        """A patient of the owner's doctor, or a doctor: the account behind it is new, too."""
        create, remove = (CREATE_PATIENT, DELETE_PATIENT) if kind == PATIENT else (CREATE_DOCTOR, DELETE_DOCTOR)
        return self._person(kind, create, remove, owner)

    def _person(self, role: str, create: Endpoint[Any], remove: Endpoint[Any], owner: Belongings) -> Belongings:
        account = self._payloads.account(role)
        user = self._create(CREATE_USER, account, DELETE_USER).id
        body = self._payloads.doctor(user) if role == DOCTOR else self._payloads.patient(user, owner.ids.get("doctor"))
        record = self._create(create, body, remove).id
        return Belongings(
            {**owner.ids, role: record, f"user of {role}": user},
            {**owner.texts, role: account["username"]},
            {**owner.accounts, role: Account(account["username"], account["password"], role)},
        )

    def _create(self, create: Endpoint[Any], body: dict[str, Any], remove: Endpoint[Any], **place: Any) -> Any:
        self.ledger.tries(remove, **place)
        for _ in range(MAX_DUPLICATES):
            try:
                made = self._call(create, body, **place)
                break
            except TaskCannotGoOn as failure:
                if failure.reason.status != DUPLICATE:
                    raise
        else:
            made = self._call(create, body, **place)
        self.ledger.wrote(remove, **place, id=made.id)
        return made


def tomorrow() -> datetime:
    return datetime.now(UTC) + timedelta(days=1)
