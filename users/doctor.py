"""The doctor: lives by the agenda and by the histories of its patients."""

from api.endpoints import LIST_DOCTORS
from tasks.doctor import DoctorTasks
from users.cms_user import CMSUser


class DoctorUser(CMSUser):
    weight = 3
    role = "doctor"
    own_record = LIST_DOCTORS
    tasks = [DoctorTasks]  # noqa: RUF012 - Locust's own way to name the tasks
