"""The roles at a fixed rate of arrivals: `locust --config config/scenarios/arrivals.conf`; see load/open_model.py."""

from locust import events

import reporting
import run
from load import arrival_rate
from load.arrival_rate import ArrivalShape
from load.open_model import Arriving
from run import preflight
from users import admin, doctor, patient

__all__ = ["AdminUser", "ArrivalShape", "DoctorUser", "PatientUser"]


class AdminUser(Arriving, admin.AdminUser): ...


class DoctorUser(Arriving, doctor.DoctorUser): ...


class PatientUser(Arriving, patient.PatientUser): ...


run.attach(events)
arrival_rate.attach(events)
reporting.attach(events)
preflight.attach(events)
