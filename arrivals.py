"""The cast for a fixed rate of arrivals: `locust --config config/scenarios/arrivals.conf`; see users/arrivals.py."""

from locust import events

import lifecycle
import reporting
from lifecycle import preflight, reception
from lifecycle.reception import ArrivalShape
from users import admin, doctor, patient
from users.arrivals import Arriving

__all__ = ["AdminUser", "ArrivalShape", "DoctorUser", "PatientUser"]


class AdminUser(Arriving, admin.AdminUser): ...


class DoctorUser(Arriving, doctor.DoctorUser): ...


class PatientUser(Arriving, patient.PatientUser): ...


lifecycle.attach(events)
reception.attach(events)
reporting.attach(events)
preflight.attach(events)
