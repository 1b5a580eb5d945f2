"""The doctor: lives by the agenda and by the histories of its patients."""

from api.endpoints import LIST_DOCTORS
from tasks.doctor import DoctorTasks
from users.cms_user import CMSUser


class DoctorUser(CMSUser):
    weight = 3
    role = "doctor"
    names_in_tokens = ("Médico",)
    seeded_accounts = tuple(f"doctor{number:03d}" for number in range(1, 21))
    own_record = LIST_DOCTORS
    tasks = [DoctorTasks]  # noqa: RUF012 - Locust's own way to name the tasks

    @classmethod
    def record_fields(cls, username: str) -> dict[str, str]:
        return {"cedula": username.upper()}
