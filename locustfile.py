"""The roles of the clinic, where Locust finds them; the suite attaches itself to Locust's events."""

from locust import events

import run
from users.admin import AdminUser
from users.doctor import DoctorUser
from users.patient import PatientUser

__all__ = ["AdminUser", "DoctorUser", "PatientUser"]

run.attach(events)
