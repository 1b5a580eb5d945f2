"""The administrator: runs the clinic's records; has no patient or doctor record of their own."""

from tasks.admin import AdminTasks
from users.cms_user import CMSUser


class AdminUser(CMSUser):
    weight = 1
    role = "admin"
    names_in_tokens = ("Administrador",)
    seeded_accounts = ("admin",)
    provisioned = 0
    tasks = [AdminTasks]  # noqa: RUF012 - Locust's own way to name the tasks
