"""How each route is asked about somebody's records: parameters and body, and what is made anew for each try."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from access.belongings import ASSOCIATION, FILE, USER, Belongings, tomorrow
from api import endpoints as api
from api.endpoint import Endpoint
from records.payloads import DOCTOR, PATIENT, Payloads

ROWS = 100
Body = dict[str, Any] | None


class Question(NamedTuple):
    """One request, before it has a token."""

    params: Mapping[str, Any]
    body: Body = None


Ask = Callable[[Belongings, Payloads], Question]


def _by_id(kind: str, body: Callable[[Belongings, Payloads], Body] = lambda owner, payloads: None) -> Ask:
    return lambda owner, payloads: Question({"id": owner.ids[kind]}, body(owner, payloads))


def _sending(body: Callable[[Belongings, Payloads], Body]) -> Ask:
    return lambda owner, payloads: Question({}, body(owner, payloads))


def _address(owner: Belongings, payloads: Payloads) -> Question:
    place = {"patient_id": owner.ids[PATIENT], "id": owner.ids["address"]}
    return Question(place, payloads.address())


def _account(owner: Belongings, payloads: Payloads) -> Body:
    return {key: value for key, value in payloads.account().items() if key != "password"}


def _appointment(owner: Belongings, payloads: Payloads) -> Body:
    return payloads.appointment(owner.ids[PATIENT], owner.ids[DOCTOR], tomorrow())


def _consultation(owner: Belongings, payloads: Payloads) -> Body:
    ids = owner.ids
    return payloads.consultation(ids["appointment"], ids[PATIENT], ids[DOCTOR], ids["episode"])


def _study(owner: Belongings, payloads: Payloads) -> Body:
    return payloads.study(owner.ids[PATIENT])


def _same_url(owner: Belongings, payloads: Payloads) -> Body:
    """The list of files is searched for it."""
    return {**payloads.study(owner.ids[PATIENT]), "url": owner.texts[FILE]}


def _policy(owner: Belongings, payloads: Payloads) -> Body:
    return payloads.policy(owner.ids[PATIENT], owner.ids["insurer"])


def _notification(owner: Belongings, payloads: Payloads) -> Body:
    return payloads.notification(owner.ids["user of patient"], sent=True)


OWNED: Mapping[Endpoint[Any], Ask] = {
    api.LIST_PATIENTS: lambda owner, _: Question({"search": owner.texts[PATIENT], "limit": ROWS}),
    api.GET_PATIENT: _by_id(PATIENT),
    api.UPDATE_PATIENT: _by_id(PATIENT, lambda owner, payloads: payloads.patient(owner.ids["user of patient"])),
    api.DELETE_PATIENT: _by_id(PATIENT),
    api.LIST_ADDRESSES: lambda owner, _: Question({"patient_id": owner.ids[PATIENT]}),
    api.CREATE_ADDRESS: lambda owner, payloads: Question({"patient_id": owner.ids[PATIENT]}, payloads.address()),
    api.UPDATE_ADDRESS: _address,
    api.DELETE_ADDRESS: lambda owner, payloads: Question(_address(owner, payloads).params),
    api.LIST_APPOINTMENTS: lambda owner, _: Question({"paciente_id": owner.ids[PATIENT], "limit": ROWS}),
    api.CREATE_APPOINTMENT: _sending(_appointment),
    api.UPDATE_APPOINTMENT: _by_id("appointment", _appointment),
    api.DELETE_APPOINTMENT: _by_id("appointment"),
    api.LIST_CONSULTATIONS: lambda owner, _: Question({"paciente_id": owner.ids[PATIENT], "limit": ROWS}),
    api.CREATE_CONSULTATION: _sending(_consultation),
    api.UPDATE_CONSULTATION: _by_id("consultation", _consultation),
    api.DELETE_CONSULTATION: _by_id("consultation"),
    api.LIST_EPISODES: lambda owner, _: Question({"paciente_id": owner.ids[PATIENT], "limit": ROWS}),
    api.CREATE_EPISODE: _sending(lambda owner, payloads: payloads.episode(owner.ids[PATIENT])),
    api.CLOSE_EPISODE: _by_id("episode", lambda owner, payloads: {}),
    api.DELETE_EPISODE: _by_id("episode"),
    api.LIST_FILES: lambda owner, _: Question({"search": owner.texts[FILE], "limit": ROWS}),
    api.CREATE_FILE: _sending(_study),
    api.UPDATE_FILE: _by_id(FILE, _same_url),
    api.DELETE_FILE: _by_id(FILE),
    api.LIST_ASSOCIATIONS: lambda owner, _: Question({"archivo_id": owner.ids[FILE]}),
    api.DELETE_ASSOCIATION: _by_id(ASSOCIATION),
    api.LIST_POLICIES: lambda owner, _: Question({"search": owner.texts[PATIENT], "limit": ROWS}),
    api.CREATE_POLICY: _sending(_policy),
    api.GET_POLICY: _by_id("policy"),
    api.UPDATE_POLICY: _by_id("policy", _policy),
    api.DELETE_POLICY: _by_id("policy"),
    api.LIST_NOTIFICATIONS: lambda owner, _: Question({"limit": ROWS}),
    api.CREATE_NOTIFICATION: _sending(_notification),
    api.UPDATE_NOTIFICATION: _by_id("notification", _notification),
    api.DELETE_NOTIFICATION: _by_id("notification"),
}
"""Routes about what belongs to a patient."""
UNOWNED: Mapping[Endpoint[Any], Ask] = {
    api.SIGN_IN: lambda owner, _: Question({}, owner.accounts[PATIENT].credentials()),
    api.CREATE_USER: _sending(lambda owner, payloads: payloads.account()),
    api.GET_USER: _by_id(USER),
    api.UPDATE_USER: _by_id(USER, _account),
    api.DELETE_USER: _by_id(USER),
    api.SET_PASSWORD: _by_id(USER, lambda owner, payloads: payloads.password()),
    api.CREATE_DOCTOR: _sending(lambda owner, payloads: payloads.doctor(owner.ids[USER])),
    api.GET_DOCTOR: _by_id(DOCTOR),
    api.UPDATE_DOCTOR: _by_id(DOCTOR, lambda owner, payloads: payloads.doctor(owner.ids["user of doctor"])),
    api.DELETE_DOCTOR: _by_id(DOCTOR),
    api.CREATE_PATIENT: _sending(lambda owner, payloads: payloads.patient(owner.ids[USER])),
    api.CREATE_INSURER: _sending(lambda owner, payloads: payloads.insurer()),
    api.GET_INSURER: _by_id("insurer"),
    api.UPDATE_INSURER: _by_id("insurer", lambda owner, payloads: payloads.insurer()),
    api.DELETE_INSURER: _by_id("insurer"),
    api.CREATE_ACCESS_CODE: _sending(lambda owner, payloads: payloads.access_code(owner.ids[USER])),
    api.UPDATE_ACCESS_CODE: _by_id("access code", lambda owner, payloads: payloads.access_code(owner.ids[USER])),
    api.DELETE_ACCESS_CODE: _by_id("access code"),
}
ROW_KINDS: Mapping[Endpoint[Any], str] = {
    api.LIST_PATIENTS: PATIENT,
    api.LIST_ADDRESSES: "address",
    api.LIST_APPOINTMENTS: "appointment",
    api.LIST_CONSULTATIONS: "consultation",
    api.LIST_EPISODES: "episode",
    api.LIST_FILES: FILE,
    api.LIST_ASSOCIATIONS: ASSOCIATION,
    api.LIST_POLICIES: "policy",
    api.LIST_NOTIFICATIONS: "notification",
}
"""Which of the owner's records a list of what belongs to patients must show."""
FRESH: Mapping[Endpoint[Any], str] = {
    api.CREATE_PATIENT: USER,
    api.CREATE_DOCTOR: USER,
    api.DELETE_USER: USER,
    api.DELETE_DOCTOR: DOCTOR,
    api.DELETE_PATIENT: PATIENT,
    api.DELETE_ADDRESS: "address",
    api.DELETE_APPOINTMENT: "appointment",
    api.DELETE_CONSULTATION: "consultation",
    api.DELETE_EPISODE: "episode",
    api.DELETE_FILE: FILE,
    api.DELETE_ASSOCIATION: ASSOCIATION,
    api.DELETE_POLICY: "policy",
    api.DELETE_NOTIFICATION: "notification",
    api.DELETE_INSURER: "insurer",
    api.DELETE_ACCESS_CODE: "access code",
    **{catalog.delete_entry: catalog.list_entries.path for catalog in api.CATALOGS},
}
"""What a try may use up: each has a record of its own."""


def question(endpoint: Endpoint[Any], owner: Belongings, payloads: Payloads) -> Question:
    """How this route is asked about the owner's records. Raises KeyError when the record that it needs is missing."""
    ask = OWNED.get(endpoint) or UNOWNED.get(endpoint) or _OF_CATALOGS.get(endpoint)
    if ask is not None:
        return ask(owner, payloads)
    return Question({"limit": ROWS} if "limit" in endpoint.query else {})


def _entry_of(catalog: api.Catalog) -> Callable[[Belongings, Payloads], Body]:
    is_short = catalog is api.BLOOD_TYPES
    return lambda owner, payloads: payloads.blood_type() if is_short else payloads.catalog_entry()


def _of_catalogs() -> Iterator[tuple[Endpoint[Any], Ask]]:
    for catalog in api.CATALOGS:
        kind, entry = catalog.list_entries.path, _entry_of(catalog)
        yield catalog.create_entry, _sending(entry)
        yield catalog.get_entry, _by_id(kind)
        yield catalog.update_entry, _by_id(kind, entry)
        yield catalog.delete_entry, _by_id(kind)


_OF_CATALOGS: Mapping[Endpoint[Any], Ask] = dict(_of_catalogs())
