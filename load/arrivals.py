"""The roles at a fixed rate of arrivals: `locust --config config/scenarios/arrivals.conf`; see load/open_model.py."""

from locust import events

import run
from load.arrival_rate import ArrivalShape, let_arrivals_in
from load.open_model import Arriving
from users import admin, doctor, patient

__all__ = ["AdminUser", "ArrivalShape", "DoctorUser", "PatientUser"]


class AdminUser(Arriving, admin.AdminUser): ...


class DoctorUser(Arriving, doctor.DoctorUser): ...


class PatientUser(Arriving, patient.PatientUser): ...


run.attach(events, let_arrivals_in)
