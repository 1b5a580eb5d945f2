"""The roles at a fixed rate of arrivals: `locust --config config/scenarios/arrivals.conf`; see load/open_model.py."""

from locust import events

from types import new_class

import run
from load.arrival_rate import ArrivalShape, let_arrivals_in
from load.open_model import Arriving
from run.roles import all_roles

__all__ = ["ArrivalShape"]

globals().update(  # Locust finds its classes by their names in this module
    {role.__name__: new_class(role.__name__, (Arriving, role)) for role in all_roles()}
)

run.attach(events, let_arrivals_in)
