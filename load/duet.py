"""The roles in pairs, on two hosts at once: `locust --config config/scenarios/duet.conf`; see load/paired_users.py."""

from locust import events

import run
from load.paired_users import in_pairs
from run.duet_run import pair_up
from run.roles import all_roles

globals().update({role.__name__: in_pairs(role) for role in all_roles()})  # Locust finds its classes by their names

run.attach(events, pair_up)
