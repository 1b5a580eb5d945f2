"""The patient: looks after its own appointments and records."""

from api.endpoints import LIST_PATIENTS
from tasks.patient import PatientTasks
from users.cms_user import CMSUser


class PatientUser(CMSUser):
    weight = 6
    role = "patient"
    names_in_tokens = ("Paciente",)
    seeded_accounts = tuple(f"patient{number:04d}" for number in range(1, 301))
    provisioned = 200
    own_record = LIST_PATIENTS
    tasks = [PatientTasks]  # noqa: RUF012 - Locust's own way to name the tasks
