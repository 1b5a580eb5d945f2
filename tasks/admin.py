"""What administrators do: they watch the clinic's figures and look after its people and records."""

from locust import tag, task

from api.endpoints import (
    CATALOGS,
    GET_AUDIT_STATS,
    GET_CHARTS,
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
)
from tasks.base import RoleTasks


@tag("read")
class AdminTasks(RoleTasks):
    def on_start(self) -> None:
        self.users_seen = self.remembering()

    @task(5)
    def browse_the_users(self) -> None:
        """The list of accounts is where an administrator's day begins."""
        page = self.call(LIST_USERS)
        self.users_seen.remember(row.id for row in page.data)

    @task(3)
    def open_a_user(self) -> None:
        """Only an account that was on screen can be opened."""
        if not self.users_seen:
            self.browse_the_users()
        self.call(GET_USER, id=self.users_seen.pick())

    @task(2)
    def browse_the_patients(self) -> None:
        """Administrators check the register of patients."""
        self.call(LIST_PATIENTS)

    @task(2)
    def browse_the_doctors(self) -> None:
        """Administrators check the staff."""
        self.call(LIST_DOCTORS)

    @task(4)
    def watch_the_key_figures(self) -> None:
        """The dashboard's figures are the first screen after the sign-in, and stay open."""
        self.call(GET_KPIS)

    @task(3)
    def study_the_charts(self) -> None:
        """The charts show how the clinic develops."""
        self.call(GET_CHARTS)

    @task(2)
    def browse_the_appointments(self) -> None:
        """The front desk's questions need a look at everyone's appointments."""
        self.call(LIST_APPOINTMENTS)

    @task(2)
    def read_the_audit_log(self) -> None:
        """Who changed what is asked every day."""
        self.call(LIST_AUDIT_ENTRIES)

    @task(1)
    def review_the_audit_figures(self) -> None:
        """The totals of the audit log show unusual activity."""
        self.call(GET_AUDIT_STATS)

    @task(2)
    def look_into_a_catalog(self) -> None:
        """Any of the catalogs may need care; each is as likely."""
        self.call(self.user.random.choice(CATALOGS).list_entries)

    @task(1)
    def browse_the_files(self) -> None:
        """Uploaded files are checked for what does not belong there."""
        self.call(LIST_FILES)

    @task(1)
    def browse_the_insurers(self) -> None:
        """Contracts with insurers are kept up to date."""
        self.call(LIST_INSURERS)

    @task(1)
    def browse_the_notifications(self) -> None:
        """What the clinic sent out is looked over."""
        self.call(LIST_NOTIFICATIONS)
