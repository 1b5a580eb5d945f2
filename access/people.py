"""Who asks, and for whose records: the audit's own people, with good tokens and with broken ones."""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from access.belongings import USER, Belongings, Maker
from access.forged_tokens import claims_of, with_other_key, with_other_role, without_algorithm
from access.judging import ACCOUNT, Owner
from access.matrix import ALG_NONE, EXPIRED, FORGED_ROLE, NO_TOKEN, OTHER_KEY
from api.endpoint import Endpoint
from api.endpoints import (
    CATALOGS,
    GET_DOCTOR,
    GET_INSURER,
    GET_PATIENT,
    GET_POLICY,
    GET_USER,
    LIST_ADDRESSES,
    LIST_PATIENTS,
    LIST_POLICIES,
)
from api.failures import TaskCannotGoOn
from records.mark_fields import lasting
from records.payloads import DOCTOR, PATIENT
from users.accounts import Account

Token = Callable[[], str]
SignIn = Callable[[Account], Token]
ROWS_LOOKED_AT = 50
ADMIN = "admin"
UNKNOWN: Mapping[Endpoint[Any], str] = {
    GET_USER: USER,
    GET_DOCTOR: DOCTOR,
    GET_PATIENT: PATIENT,
    LIST_ADDRESSES: PATIENT,
    GET_INSURER: "insurer",
    GET_POLICY: "policy",
    **{catalog.get_entry: catalog.list_entries.path for catalog in CATALOGS},
}
"""Routes that take an id, and the kind of record that it is of."""


@dataclass(frozen=True)
class People:
    """A good token of each role, broken ones by their kind (no token is None), and each role's user id."""

    tokens: Mapping[str, Token]
    broken: Mapping[str, str | None]
    accounts: Mapping[str, int]
    sign_in: SignIn


@dataclass(frozen=True)
class Asked:
    """Whose records are asked for: each asker's own, another's, and those of a real person, which are only read.

    `own` tells for each role whether a row's owner is one of its own; `unknown` holds, for each route that takes an
    id, one that no record has any more.
    """

    mine: Mapping[str, Belongings]
    own: Mapping[str, Container[Owner]]
    anothers: Belongings
    real: Belongings = field(default_factory=Belongings)
    unknown: Mapping[Endpoint[Any], int] = field(default_factory=dict)


def records_to_ask_for(maker: Maker, call: Callable[..., Any]) -> Asked:
    """Makes them. Raises TaskCannotGoOn or NothingToDo when not even people can be made."""
    anothers = maker.spares(maker.clinic())
    mine = maker.clinic()
    owners = {Owner(PATIENT, mine.ids[PATIENT]), Owner(ACCOUNT, mine.ids["user of patient"])}
    roles = (DOCTOR, PATIENT)
    real, unknown = _real(call), _unknown_ids(maker, call, anothers)
    return Asked(dict.fromkeys(roles, mine), dict.fromkeys(roles, owners), anothers, real, unknown)


def people_of(admin: Token, sign_in: SignIn, mine: Mapping[str, Belongings], expired: str | None = None) -> People:
    """The administrator of the run, and the doctor and the patient to whom `mine` belongs.

    Tokens with another key or none claim to be the administrator; the one with a forged role is the patient's.
    """
    tokens = {ADMIN: admin, **{role: sign_in(owner.accounts[role]) for role, owner in mine.items()}}
    claims = claims_of(admin())
    broken: dict[str, str | None] = {
        NO_TOKEN: None,
        FORGED_ROLE: with_other_role(tokens[PATIENT](), str(claims["role"])),
        OTHER_KEY: with_other_key(admin()),
        ALG_NONE: without_algorithm(admin()),
    }
    accounts = {role: owner.ids[f"user of {role}"] for role, owner in mine.items()}
    return People(
        tokens,
        broken | ({EXPIRED: expired} if expired else {}),
        {ADMIN: int(claims["id"]), **accounts},
        sign_in,
    )


def _real(call: Callable[..., Any]) -> Belongings:
    """Somebody whom no run of the suite has made; what cannot be read is left out."""
    found = Belongings()
    for listing, kind, person in ((LIST_PATIENTS, PATIENT, "id"), (LIST_POLICIES, "policy", "id_paciente")):
        try:
            rows = lasting(call(listing, limit=ROWS_LOOKED_AT).data)
        except TaskCannotGoOn:
            continue
        for row in rows[:1]:
            found = found.with_id(kind, row.id).with_id(PATIENT, getattr(row, person))
    return found


def _unknown_ids(maker: Maker, call: Callable[..., Any], owner: Belongings) -> dict[Endpoint[Any], int]:
    """Of records that were made and removed just now: they say nothing about anybody's."""
    ids: dict[str, int] = {}
    for kind in dict.fromkeys(UNKNOWN.values()):
        made = maker.try_to_make(kind, owner)
        if made is not owner:
            remove = maker.ledger.records[-1].remove
            call(remove, id=made.ids[kind])
            maker.ledger.removed(remove, id=made.ids[kind])
            ids[kind] = made.ids[kind]
    return {endpoint: ids[kind] for endpoint, kind in UNKNOWN.items() if kind in ids}
