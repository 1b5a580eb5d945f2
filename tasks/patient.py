"""What patients do: they look after their own appointments, history and details."""

from locust import tag, task

from api.endpoints import (
    GET_PATIENT,
    LIST_ADDRESSES,
    LIST_APPOINTMENTS,
    LIST_CONSULTATIONS,
    LIST_EPISODES,
    LIST_NOTIFICATIONS,
    LIST_POLICIES,
)
from tasks.base import RoleTasks


@tag("read")
class PatientTasks(RoleTasks):
    @task(5)
    def check_my_appointments(self) -> None:
        """When is my next visit? - the question that brings patients here."""
        self.call(LIST_APPOINTMENTS, paciente_id=self.me.id)

    @task(4)
    def read_my_consultations(self) -> None:
        """What the doctor wrote is read again at home."""
        self.call(LIST_CONSULTATIONS, paciente_id=self.me.id)

    @task(3)
    def follow_my_episodes(self) -> None:
        """Patients follow how an illness goes on."""
        self.call(LIST_EPISODES, paciente_id=self.me.id)

    @task(2)
    def open_my_record(self) -> None:
        """Patients check what the clinic knows about them."""
        self.call(GET_PATIENT, id=self.me.id)

    @task(2)
    def check_my_addresses(self) -> None:
        """Is my address still right?"""
        self.call(LIST_ADDRESSES, patient_id=self.me.id)

    @task(1)
    def check_my_policies(self) -> None:
        """Am I insured? The API finds policies by the user name only."""
        self.call(LIST_POLICIES, search=self.user.session.username)

    @task(1)
    def read_notifications(self) -> None:
        """The application shows the latest messages; the API cannot narrow them to one person."""
        self.call(LIST_NOTIFICATIONS)
