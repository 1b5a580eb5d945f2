"""What administrators do: they watch the clinic's figures and look after its people and records."""

from locust import tag, task

from api.endpoints import (
    API_HEALTH,
    CATALOGS,
    DATABASE_HEALTH,
    GET_AUDIT_STATS,
    GET_CHARTS,
    GET_DASHBOARD,
    GET_KPIS,
    GET_USER,
    LIST_APPOINTMENTS,
    LIST_AUDIT_ENTRIES,
    LIST_DOCTORS,
    LIST_FILES,
    LIST_INSURERS,
    LIST_NOTIFICATIONS,
    LIST_PATIENTS,
    LIST_USERS,
    SYSTEM_HEALTH,
)
from records.mark_fields import lasting
from tasks.coverage import variants
from tasks.journey import journey
from tasks.master_data import RegisterTasks
from tasks.registration import ReceptionTasks


class AdminTasks(ReceptionTasks, RegisterTasks):
    def on_start(self) -> None:
        super().on_start()
        self.users_seen = self.seen()
        self.catalogs_to_see = self.deck(CATALOGS)

    @tag("read")
    @task(10)
    def browse_the_users(self) -> None:
        """The list of accounts is where an administrator's day begins."""
        page = self.call(LIST_USERS)
        self.users_seen.remember(row.id for row in lasting(page.data))

    @tag("read")
    @task(6)
    def open_a_user(self) -> None:
        """Only an account that was on screen can be opened."""
        if not self.users_seen:
            self.browse_the_users()
        self.call(GET_USER, id=self.users_seen.pick())

    @tag("read")
    @task(4)
    def browse_the_patients(self) -> None:
        """Administrators check the register of patients."""
        self.call(LIST_PATIENTS)

    @tag("read")
    @task(4)
    def browse_the_doctors(self) -> None:
        """Administrators check the staff."""
        self.call(LIST_DOCTORS)

    @tag("read")
    @task(8)
    def watch_the_key_figures(self) -> None:
        """The dashboard's figures are the first screen after the sign-in, and stay open."""
        self.call(GET_KPIS)

    @tag("read")
    @task(6)
    def study_the_charts(self) -> None:
        """The charts show how the clinic develops."""
        self.call(GET_CHARTS)

    @tag("read")
    @task(4)
    def browse_the_appointments(self) -> None:
        """The front desk's questions need a look at everyone's appointments."""
        self.call(LIST_APPOINTMENTS)

    @tag("read")
    @task(4)
    def read_the_audit_log(self) -> None:
        """Who changed what is asked every day."""
        self.call(LIST_AUDIT_ENTRIES)

    @tag("read")
    @task(2)
    def review_the_audit_figures(self) -> None:
        """The totals of the audit log show unusual activity."""
        self.call(GET_AUDIT_STATS)

    @tag("read")
    @task(4)
    @variants(len(CATALOGS))
    def look_into_a_catalog(self) -> None:
        """Any of the catalogs may need care; each comes in its turn."""
        self.call(self.catalogs_to_see.draw().list_entries)

    @tag("read")
    @task(2)
    def browse_the_files(self) -> None:
        """Uploaded files are checked for what does not belong there."""
        self.call(LIST_FILES)

    @tag("read")
    @task(2)
    def browse_the_insurers(self) -> None:
        """Contracts with insurers are kept up to date."""
        self.call(LIST_INSURERS)

    @tag("read")
    @task(2)
    def browse_the_notifications(self) -> None:
        """What the clinic sent out is looked over."""
        self.call(LIST_NOTIFICATIONS)

    @tag("read")
    @task(1)
    @journey
    def see_how_the_service_is(self) -> None:
        """Before calling the technician an administrator looks at every light that the service has."""
        self.call(GET_DASHBOARD)
        for light in (API_HEALTH, DATABASE_HEALTH, SYSTEM_HEALTH):
            self.then(light)

    @tag("read")
    @task(1)
    @journey
    def investigate_the_audit_log(self) -> None:
        """A conspicuous figure is followed down to the entries and the person behind them."""
        figures = self.call(GET_AUDIT_STATS)
        action = self.one_of(figures.actionStats).accion
        entries = self.then(LIST_AUDIT_ENTRIES, accion=action)
        entry = self.one_of(row for row in entries.data if row.usuario_id is not None)
        self.then(LIST_AUDIT_ENTRIES, usuario_id=entry.usuario_id, entidad=entry.entidad)
        self.then(LIST_USERS, search=entry.username)
