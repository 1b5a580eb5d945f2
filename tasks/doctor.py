"""What doctors do: they follow their agenda, read up on the patients in it, see them and write it down."""

from locust import tag, task

from datetime import UTC, datetime
from typing import NamedTuple

from api.endpoints import (
    CLOSE_EPISODE,
    CREATE_APPOINTMENT,
    CREATE_CONSULTATION,
    CREATE_EPISODE,
    CREATE_FILE,
    CREATE_NOTIFICATION,
    DELETE_APPOINTMENT,
    DELETE_CONSULTATION,
    DELETE_EPISODE,
    DELETE_FILE,
    DELETE_NOTIFICATION,
    GET_KPIS,
    GET_PATIENT,
    LIST_APPOINTMENTS,
    LIST_ASSOCIATIONS,
    LIST_CONSULTATIONS,
    LIST_EPISODES,
    LIST_FILES,
    LIST_PATIENTS,
    SPECIALTIES,
    UPDATE_CONSULTATION,
)
from records.mark_fields import lasting
from tasks.journey import journey
from tasks.list_checks import no_row, row_with
from tasks.role_tasks import RoleTasks
from tasks.times import this_week

AGENDA_ROWS = 50
DIAGNOSES = ("Migraña", "Gripe", "Hipertensión", "Lumbalgia")


class Visit(NamedTuple):
    """An appointment that was on screen; without an `id` it is a patient who has none."""

    id: int | None
    patient_id: int
    patient_name: str


class NotesOnAVisit(NamedTuple):
    """What this doctor has written about one visit."""

    patient_id: int
    episode_id: int
    consultation_id: int
    file_id: int


class DoctorTasks(RoleTasks):
    def on_start(self) -> None:
        super().on_start()
        self.visits = self.seen()
        self.notes = self.seen()

    @tag("read")
    @task(12)
    def review_my_agenda(self) -> None:
        """Doctors look at their own week before anything else."""
        self.look_at_my_week()

    @tag("read")
    @task(10)
    def read_a_patients_consultations(self) -> None:
        """What was said last time prepares the next visit."""
        self.call(LIST_CONSULTATIONS, paciente_id=self.visit_on_my_agenda().patient_id)

    @tag("read")
    @task(8)
    def open_a_patient(self) -> None:
        """Only a patient who was on screen can be opened."""
        self.call(GET_PATIENT, id=self.visit_on_my_agenda().patient_id)

    @tag("read")
    @task(6)
    def read_a_patients_episodes(self) -> None:
        """Episodes tie the visits of one illness together."""
        self.call(LIST_EPISODES, paciente_id=self.visit_on_my_agenda().patient_id)

    @tag("read")
    @task(4)
    def look_up_specialties(self) -> None:
        """A referral needs the right specialty."""
        self.call(SPECIALTIES.list_entries)

    @tag("read")
    @task(4)
    def see_a_patients_files(self) -> None:
        """Studies and pictures; the API finds them by the patient's name."""
        self.call(LIST_FILES, search=self.visit_on_my_agenda().patient_name)

    @tag("read")
    @task(2)
    def glance_at_the_key_figures(self) -> None:
        """The dashboard is on every doctor's first screen."""
        self.call(GET_KPIS)

    @tag("read")
    @task(1)
    @journey
    def review_a_history(self) -> None:
        """Before a difficult visit everything about the patient is read in one go."""
        visit = self.visit_on_my_agenda()
        self.then(GET_PATIENT, id=visit.patient_id)
        self.then(LIST_EPISODES, paciente_id=visit.patient_id)
        self.then(LIST_CONSULTATIONS, paciente_id=visit.patient_id, medico_id=self.own_id)
        self.then(LIST_FILES, search=visit.patient_name)

    @tag("write")
    @task(1)
    @journey
    def see_a_patient(self) -> None:
        """A visit: the patient is looked up, the illness and its treatment written down, a reminder sent."""
        self.look_at_my_week()
        visit = self.visits.pick()
        patient = self.then(GET_PATIENT, id=visit.patient_id)
        self.then(LIST_EPISODES, paciente_id=visit.patient_id)
        new = self.user.payloads.episode(visit.patient_id)
        episode = self.then_create(CREATE_EPISODE, new, undo=DELETE_EPISODE)
        visit_id = visit.id or self.book_a_walk_in(visit.patient_id)
        ids = (visit_id, visit.patient_id, self.own_id, episode.id or None)
        note = self.user.payloads.consultation(*ids)
        written = self.then_create(CREATE_CONSULTATION, note, undo=DELETE_CONSULTATION)
        diagnosed = self.user.payloads.consultation(*ids, self.one_of(DIAGNOSES))
        self.then(UPDATE_CONSULTATION, diagnosed, id=written.id)
        shown = row_with(id=written.id, diagnostico_final=diagnosed["diagnostico_final"], id_episodio=ids[-1])
        self.then(LIST_CONSULTATIONS, accept=shown, paciente_id=visit.patient_id, medico_id=self.own_id)
        study = self.then_create(CREATE_FILE, self.user.payloads.study(visit.patient_id), undo=DELETE_FILE)
        self.then(LIST_ASSOCIATIONS, accept=row_with(entidad_id=visit.patient_id), archivo_id=study.id)
        self.then(CLOSE_EPISODE, {}, id=episode.id)
        reminder = self.user.payloads.notification(patient.usuario_id or None, visit_id or None)
        self.then_create(CREATE_NOTIFICATION, reminder, undo=DELETE_NOTIFICATION)
        self.notes.remember([NotesOnAVisit(visit.patient_id, episode.id, written.id, study.id)])

    @tag("write")
    @task(1)
    @journey
    def withdraw_notes_on_a_visit(self) -> None:
        """Notes that were written into the wrong record are taken out of it again."""
        notes: NotesOnAVisit = self.notes.take()
        self.then_remove(DELETE_FILE, id=notes.file_id)
        self.then_remove(DELETE_CONSULTATION, id=notes.consultation_id)
        self.then_remove(DELETE_EPISODE, id=notes.episode_id)
        self.then(LIST_EPISODES, accept=no_row(id=notes.episode_id), paciente_id=notes.patient_id)

    def visit_on_my_agenda(self) -> Visit:
        """One of the visits seen lately; looks at the agenda first when there is none."""
        if not self.visits:
            self.look_at_my_week()
        visit: Visit = self.visits.pick()
        return visit

    def look_at_my_week(self) -> None:
        agenda = self.call(LIST_APPOINTMENTS, medico_id=self.own_id, limit=AGENDA_ROWS, **this_week())
        visits = [Visit(row.id, row.paciente_id, row.paciente) for row in lasting(agenda.data)]
        self.visits.remember(visits or self.patients_without_an_appointment())

    def patients_without_an_appointment(self) -> list[Visit]:
        """A doctor whose week is empty, as a new one's is, sees whoever is in the register."""
        register = self.call(LIST_PATIENTS, limit=AGENDA_ROWS)
        return [Visit(None, row.id, row.nombre) for row in lasting(register.data)]

    def book_a_walk_in(self, patient_id: int) -> int:
        """A visit is written down under an appointment: who came without one gets it now."""
        body = self.user.payloads.appointment(patient_id, self.own_id, datetime.now(UTC))
        booked: int = self.then_create(CREATE_APPOINTMENT, body, undo=DELETE_APPOINTMENT).id
        return booked
