"""What patients do: they look after their own appointments, history and details."""

from locust import tag, task

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from api.endpoints import (
    CREATE_ADDRESS,
    CREATE_APPOINTMENT,
    DELETE_ADDRESS,
    DELETE_APPOINTMENT,
    GET_DOCTOR,
    GET_PATIENT,
    LIST_ADDRESSES,
    LIST_APPOINTMENTS,
    LIST_CONSULTATIONS,
    LIST_DOCTORS,
    LIST_EPISODES,
    LIST_NOTIFICATIONS,
    LIST_POLICIES,
    SPECIALTIES,
    UPDATE_ADDRESS,
    UPDATE_APPOINTMENT,
)
from records.mark_fields import lasting
from tasks.coverage import variants
from tasks.journey import journey
from tasks.list_checks import no_row, row_with
from tasks.role_tasks import RoleTasks
from tasks.times import free_times, that_day

DOCTORS_SHOWN = 100
DAYS_AHEAD = 14


class Booking(NamedTuple):
    """An appointment that this patient has booked."""

    id: int
    doctor_id: int
    start: datetime


class PatientTasks(RoleTasks):
    def on_start(self) -> None:
        super().on_start()
        self.bookings = self.seen()
        self.changes_of_mind = self.deck([self.cancel, self.move])

    @tag("read")
    @task(10)
    def check_my_appointments(self) -> None:
        """When is my next visit? - the question that brings patients here."""
        self.call(LIST_APPOINTMENTS, paciente_id=self.own_id)

    @tag("read")
    @task(8)
    def read_my_consultations(self) -> None:
        """What the doctor wrote is read again at home."""
        self.call(LIST_CONSULTATIONS, paciente_id=self.own_id)

    @tag("read")
    @task(6)
    def follow_my_episodes(self) -> None:
        """Patients follow how an illness goes on."""
        self.call(LIST_EPISODES, paciente_id=self.own_id)

    @tag("read")
    @task(4)
    def open_my_record(self) -> None:
        """Patients check what the clinic knows about them."""
        self.call(GET_PATIENT, id=self.own_id)

    @tag("read")
    @task(4)
    def check_my_addresses(self) -> None:
        """Is my address still right?"""
        self.call(LIST_ADDRESSES, patient_id=self.own_id)

    @tag("read")
    @task(2)
    def check_my_policies(self) -> None:
        """Am I insured? The API finds policies by the user name only."""
        self.call(LIST_POLICIES, search=self.user.session.username)

    @tag("read")
    @task(2)
    def read_notifications(self) -> None:
        """The application shows the latest messages; the API cannot narrow them to one person."""
        self.call(LIST_NOTIFICATIONS)

    @tag("write")
    @task(1)
    @journey
    def book_an_appointment(self) -> None:
        """A patient picks a specialty, a doctor of it and a free time, and sees the visit in the own list."""
        self.bookings.remember([self.book()])

    @tag("write")
    @task(1)
    @variants(2)
    @journey
    def change_my_mind_about_a_booking(self) -> None:
        """Of the visits that were booked, some are cancelled and some are moved to another time."""
        self.changes_of_mind.draw()(self.bookings.take() if self.bookings else self.book())

    @tag("write")
    @task(1)
    @journey
    def bring_my_address_up_to_date(self) -> None:
        """A new address is entered, corrected, and in the end removed again."""
        mine: dict[str, Any] = {"patient_id": self.own_id}
        self.call(LIST_ADDRESSES, **mine)
        address = self.user.payloads.address()
        added = self.then_create(CREATE_ADDRESS, address, undo=DELETE_ADDRESS, **mine)
        self.then(LIST_ADDRESSES, accept=row_with(id=added.id, calle=address["calle"]), **mine)
        self.then(UPDATE_ADDRESS, self.user.payloads.address(), id=added.id, **mine)
        self.then_remove(DELETE_ADDRESS, id=added.id, **mine)
        self.then(LIST_ADDRESSES, accept=no_row(id=added.id), **mine)

    def book(self) -> Booking:
        specialties = self.call(SPECIALTIES.list_entries, limit=DOCTORS_SHOWN)
        staff = lasting(self.then(LIST_DOCTORS, limit=DOCTORS_SHOWN).data)
        practised = {doctor.id_especialidad for doctor in staff}
        wanted = {entry.id for entry in specialties.data} & practised
        if wanted:
            specialty = self.one_of(sorted(wanted))
            staff = [doctor for doctor in staff if doctor.id_especialidad == specialty]
        doctor = self.one_of(staff)
        self.then(GET_DOCTOR, id=doctor.id)
        start = self.free_time_of(doctor.id)
        body = self.user.payloads.appointment(self.own_id, doctor.id, start)
        booked = self.then_create(CREATE_APPOINTMENT, body, undo=DELETE_APPOINTMENT)
        self.see_in_my_list(Booking(booked.id, doctor.id, start))
        return Booking(booked.id, doctor.id, start)

    def cancel(self, booking: Booking) -> None:
        self.then_remove(DELETE_APPOINTMENT, id=booking.id)
        on_that_day = that_day(booking.start)
        self.then(LIST_APPOINTMENTS, accept=no_row(id=booking.id), paciente_id=self.own_id, **on_that_day)

    def move(self, booking: Booking) -> None:
        moved = booking._replace(start=self.free_time_of(booking.doctor_id))
        body = self.user.payloads.appointment(self.own_id, moved.doctor_id, moved.start)
        self.then(UPDATE_APPOINTMENT, body, id=moved.id)
        self.see_in_my_list(moved)

    def free_time_of(self, doctor_id: int) -> datetime:
        """A time in the next days at which the doctor has no visit yet."""
        day = datetime.now(UTC) + timedelta(days=self.user.random.randint(1, DAYS_AHEAD))
        agenda = self.then(LIST_APPOINTMENTS, medico_id=doctor_id, limit=DOCTORS_SHOWN, **that_day(day))
        shift = self.user.settings.survey.shift
        return self.one_of(free_times(day, [visit.fecha_inicio - shift for visit in agenda.data]))

    def see_in_my_list(self, booking: Booking) -> None:
        shown = row_with(id=booking.id, medico_id=booking.doctor_id)
        self.then(LIST_APPOINTMENTS, accept=shown, paciente_id=self.own_id, **that_day(booking.start))
