"""What doctors do: they follow their agenda and read up on the patients in it."""

from locust import tag, task

from typing import NamedTuple

from api.endpoints import (
    GET_KPIS,
    GET_PATIENT,
    LIST_APPOINTMENTS,
    LIST_CONSULTATIONS,
    LIST_EPISODES,
    LIST_FILES,
    SPECIALTIES,
)
from tasks.base import RoleTasks, this_week


class PatientSeen(NamedTuple):
    id: int
    name: str


@tag("read")
class DoctorTasks(RoleTasks):
    def on_start(self) -> None:
        self.patients_seen = self.remembering()

    @task(6)
    def review_my_agenda(self) -> None:
        """Doctors look at their own week before anything else."""
        agenda = self.call(LIST_APPOINTMENTS, medico_id=self.me.id, **this_week())
        self.patients_seen.remember(PatientSeen(row.paciente_id, row.paciente) for row in agenda.data)

    @task(5)
    def read_a_patients_consultations(self) -> None:
        """What was said last time prepares the next visit."""
        if patient := self.patient_from_my_agenda():
            self.call(LIST_CONSULTATIONS, paciente_id=patient.id)

    @task(4)
    def open_a_patient(self) -> None:
        """Only a patient who was on screen can be opened."""
        if patient := self.patient_from_my_agenda():
            self.call(GET_PATIENT, id=patient.id)

    @task(3)
    def read_a_patients_episodes(self) -> None:
        """Episodes tie the visits of one illness together."""
        if patient := self.patient_from_my_agenda():
            self.call(LIST_EPISODES, paciente_id=patient.id)

    @task(2)
    def look_up_specialties(self) -> None:
        """A referral needs the right specialty."""
        self.call(SPECIALTIES.list_entries)

    @task(2)
    def see_a_patients_files(self) -> None:
        """Studies and pictures; the API finds them by the patient's name."""
        if patient := self.patient_from_my_agenda():
            self.call(LIST_FILES, search=patient.name)

    @task(1)
    def glance_at_the_key_figures(self) -> None:
        """The dashboard is on every doctor's first screen."""
        self.call(GET_KPIS)

    def patient_from_my_agenda(self) -> PatientSeen | None:
        """One of the patients seen lately; looks at the agenda first, and None when that is empty."""
        if not self.patients_seen:
            self.review_my_agenda()
        return self.patients_seen.pick() if self.patients_seen else None
