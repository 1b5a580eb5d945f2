"""What a --read-only audit asks for: records that there are, of the accounts that it was given and of others."""

from collections.abc import Callable, Iterator
from typing import Any, cast

from access.belongings import ASSOCIATION, FILE, USER, Belongings
from access.judging import ACCOUNT, Owner
from access.people import ROWS_LOOKED_AT, Asked
from api.endpoints import (
    GET_PATIENT,
    GET_USER,
    LIST_APPOINTMENTS,
    LIST_CONSULTATIONS,
    LIST_DOCTORS,
    LIST_FILES,
    LIST_INSURERS,
    LIST_PATIENTS,
    LIST_POLICIES,
)
from api.failures import TaskCannotGoOn
from records.mark_fields import lasting
from records.payloads import DOCTOR, PATIENT
from records.survey import Survey
from users.cms_user import CMSUser

Call = Callable[..., Any]


class PatientsOfADoctor:
    """Whether a row's owner is one of the doctor's patients: an administrator's `call` is asked, once for each."""

    def __init__(self, call: Call, doctor_id: int) -> None:
        self._call, self._doctor_id = call, doctor_id
        self._known: dict[Owner, bool] = {}

    def __contains__(self, owner: object) -> bool:
        assert isinstance(owner, Owner)
        if owner not in self._known:
            self._known[owner] = any(map(self._sees, self._patients_behind(owner)))
        return self._known[owner]

    def _patients_behind(self, owner: Owner) -> Iterator[Any]:
        if owner.kind == PATIENT:
            yield self._call(GET_PATIENT, id=owner.id)
            return
        user = self._call(GET_USER, id=owner.id)
        rows = self._call(LIST_PATIENTS, search=user.username, limit=ROWS_LOOKED_AT).data
        yield from (row for row in rows if row.usuario_id == user.id)

    def _sees(self, patient: Any) -> bool:
        both = {"medico_id": self._doctor_id, "paciente_id": patient.id}
        return patient.id_medico_gen == self._doctor_id or any(
            self._call(listing, limit=1, **both).data for listing in (LIST_APPOINTMENTS, LIST_CONSULTATIONS)
        )


def records_to_read(call: Call, doctor: CMSUser, patient: CMSUser, survey: Survey) -> Asked:
    """Finds them; nothing is written. Raises TaskCannotGoOn when the lists of people cannot be read."""
    doctor_id, patient_id = cast(int, doctor.own_id), cast(int, patient.own_id)
    of_doctor = PatientsOfADoctor(call, doctor_id)
    of_patient = {Owner(PATIENT, patient_id), Owner(ACCOUNT, patient.session.user_id)}
    visits = call(LIST_APPOINTMENTS, medico_id=doctor_id, limit=1).data
    seen = [call(GET_PATIENT, id=visit.paciente_id) for visit in visits]
    mine = {
        DOCTOR: _of_person(call, doctor, seen[0] if seen else None).with_id(DOCTOR, doctor_id),
        PATIENT: _of_person(call, patient, call(GET_PATIENT, id=patient_id)),
    }
    for row in lasting(call(LIST_PATIENTS, limit=ROWS_LOOKED_AT).data):
        owner = Owner(PATIENT, row.id)
        if owner not in of_patient and owner not in of_doctor:
            anothers = _shared(call, _of_patient(call, Belongings(), row), survey, doctor_id)
            return Asked(mine, {DOCTOR: of_doctor, PATIENT: of_patient}, anothers)
    return Asked(mine, {DOCTOR: of_doctor, PATIENT: of_patient}, _shared(call, Belongings(), survey, doctor_id))


def _of_person(call: Call, person: CMSUser, patient: Any) -> Belongings:
    account = Belongings(accounts={person.role: person.account})
    owner = account if patient is None else _of_patient(call, account, patient)
    return owner.with_id(f"user of {person.role}", person.session.user_id)


def _of_patient(call: Call, owner: Belongings, patient: Any) -> Belongings:
    owner = owner.with_id(PATIENT, patient.id).with_id(USER, patient.usuario_id).with_text(PATIENT, patient.username)
    for policy in _rows(call, LIST_POLICIES, search=patient.username):
        if policy.id_paciente == patient.id:
            owner = owner.with_id("policy", policy.id)
    for file in _rows(call, LIST_FILES, search=patient.nombre):
        if (file.entidad, file.entidad_id) == ("PACIENTE", patient.id):
            owner = owner.with_id(FILE, file.id).with_id(ASSOCIATION, file.asociacion_id).with_text(FILE, file.url)
    return owner


def _shared(call: Call, owner: Belongings, survey: Survey, doctor_id: int) -> Belongings:
    """With what belongs to no patient: another doctor, an insurer, an entry of each catalog."""
    for row in [row for row in _rows(call, LIST_DOCTORS) if row.id != doctor_id][:1]:
        owner = owner.with_id(DOCTOR, row.id)
    for row in _rows(call, LIST_INSURERS)[:1]:
        owner = owner.with_id("insurer", row.id)
    for path, ids in survey.catalogs.items():
        owner = owner.with_id(path, ids[0]) if ids else owner
    return owner


def _rows(call: Call, listing: Any, **filters: Any) -> list[Any]:
    """Those of the CMS's own people; none when the list cannot be read."""
    try:
        return lasting(call(listing, limit=ROWS_LOOKED_AT, **filters).data)
    except TaskCannotGoOn:
        return []
