"""How administrators take people in, with all that belongs to them, and how they take them out again."""

from locust import tag, task

from typing import Any, NamedTuple

from api.endpoints import (
    BLOOD_TYPES,
    CREATE_ACCESS_CODE,
    CREATE_ADDRESS,
    CREATE_DOCTOR,
    CREATE_PATIENT,
    CREATE_POLICY,
    CREATE_USER,
    DELETE_ACCESS_CODE,
    DELETE_ADDRESS,
    DELETE_DOCTOR,
    DELETE_PATIENT,
    DELETE_POLICY,
    DELETE_USER,
    GET_DOCTOR,
    GET_PATIENT,
    GET_USER,
    LIST_ADDRESSES,
    LIST_DOCTORS,
    LIST_INSURERS,
    LIST_PATIENTS,
    LIST_USERS,
    MARITAL_STATUSES,
    OCCUPATIONS,
    SET_PASSWORD,
    SIGN_IN,
    SPECIALTIES,
    UPDATE_DOCTOR,
    UPDATE_PATIENT,
    UPDATE_USER,
)
from records.payloads import DOCTOR
from tasks.journey import journey
from tasks.list_checks import no_row, row_with
from tasks.role_tasks import RoleTasks


class Intake(NamedTuple):
    """A person whom this administrator has taken in: the account, and the patient's or doctor's record."""

    user_id: int
    record_id: int
    username: str


class ReceptionTasks(RoleTasks):
    def on_start(self) -> None:
        super().on_start()
        self.patients_taken_in = self.seen()
        self.doctors_taken_in = self.seen()

    @tag("write")
    @task(1)
    @journey
    def take_in_a_patient(self) -> None:
        """A new patient at the desk needs an account, a record, an address, a policy and a code to get in."""
        account = self.user.payloads.account()
        user = self.then_create(CREATE_USER, account, undo=DELETE_USER)
        patient_id = self.open_a_record_for(user.id)
        self.then(LIST_PATIENTS, accept=row_with(id=patient_id), search=account["username"])
        if self.user.settings.survey.colonia is not None:
            address = self.user.payloads.address()
            added = self.then_create(CREATE_ADDRESS, address, undo=DELETE_ADDRESS, patient_id=patient_id)
            self.then(LIST_ADDRESSES, accept=row_with(id=added.id), patient_id=patient_id)
        insurer_id = self.id_from(LIST_INSURERS)
        if insurer_id is not None:
            policy = self.user.payloads.policy(patient_id, insurer_id)
            self.then_create(CREATE_POLICY, policy, undo=DELETE_POLICY)
        self.then_create(CREATE_ACCESS_CODE, self.user.payloads.access_code(user.id), undo=DELETE_ACCESS_CODE)
        self.patients_taken_in.remember([Intake(user.id, patient_id, account["username"])])

    @tag("write")
    @task(1)
    @journey
    def take_out_a_patient(self) -> None:
        """A patient who was registered by mistake is taken out; what belongs to the record goes with it."""
        intake: Intake = self.patients_taken_in.take()
        self.then_remove(DELETE_PATIENT, id=intake.record_id)
        self.then_remove(DELETE_USER, id=intake.user_id)
        self.then(LIST_PATIENTS, accept=no_row(id=intake.record_id), search=intake.username)

    @tag("write")
    @task(1)
    @journey
    def take_in_a_doctor(self) -> None:
        """A new colleague needs an account and a record with the right specialty."""
        account = self.user.payloads.account(DOCTOR)
        user = self.then_create(CREATE_USER, account, undo=DELETE_USER)
        record = self.user.payloads.doctor(user.id, self.id_from(SPECIALTIES.list_entries))
        doctor = self.then_create(CREATE_DOCTOR, record, undo=DELETE_DOCTOR)
        self.then(UPDATE_DOCTOR, record | {"ubicacion": "Consultorio 1"}, id=doctor.id)
        self.then(GET_DOCTOR, id=doctor.id)
        self.doctors_taken_in.remember([Intake(user.id, doctor.id, account["username"])])

    @tag("write")
    @task(1)
    @journey
    def take_out_a_doctor(self) -> None:
        """A colleague who never started leaves no record behind."""
        intake: Intake = self.doctors_taken_in.take()
        self.then_remove(DELETE_DOCTOR, id=intake.record_id)
        self.then_remove(DELETE_USER, id=intake.user_id)
        self.then(LIST_DOCTORS, accept=no_row(id=intake.record_id), search=intake.username)

    @tag("write")
    @task(1)
    @journey
    def reset_a_password(self) -> None:
        """Somebody has forgotten the password: a new one is set, and lets the person in."""
        account = self.user.payloads.account()
        user = self.then_create(CREATE_USER, account, undo=DELETE_USER)
        self.then(UPDATE_USER, without_password(account), id=user.id)
        self.then(LIST_USERS, accept=row_with(id=user.id), search=account["username"])
        new = self.user.payloads.password()
        self.then(SET_PASSWORD, new, id=user.id)
        self.then(SIGN_IN, {"username": account["username"], **new})
        self.then(GET_USER, id=user.id)
        self.then_remove(DELETE_USER, id=user.id)

    def open_a_record_for(self, user_id: int) -> Any:
        """Creates, corrects and reads the record of a patient; returns its id."""
        lists = (LIST_DOCTORS, *(catalog.list_entries for catalog in (BLOOD_TYPES, OCCUPATIONS, MARITAL_STATUSES)))
        record = self.user.payloads.patient(user_id, *map(self.id_from, lists))
        patient = self.then_create(CREATE_PATIENT, record, undo=DELETE_PATIENT)
        self.then(UPDATE_PATIENT, record | {"alergias": "Ninguna conocida"}, id=patient.id)
        self.then(GET_PATIENT, id=patient.id)
        return patient.id


def without_password(account: dict[str, Any]) -> dict[str, Any]:
    """What an update of a user takes: the password has a route of its own."""
    return {key: value for key, value in account.items() if key != "password"}
