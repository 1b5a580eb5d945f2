"""The patient: looks after its own appointments and records."""

from api.endpoints import LIST_PATIENTS
from tasks.patient import PatientTasks
from users.cms_user import CMSUser


class PatientUser(CMSUser):
    weight = 6
    role = "patient"
    own_record = LIST_PATIENTS
    tasks = [PatientTasks]  # noqa: RUF012 - Locust's own way to name the tasks
