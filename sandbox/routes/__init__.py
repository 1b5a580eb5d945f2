"""The API's 107 routes: one module and one blueprint per topic."""

from flask import Blueprint

from sandbox.routes import (
    access_codes,
    addresses,
    appointments,
    audit,
    auth,
    catalogs,
    consultations,
    dashboard,
    doctors,
    episodes,
    files,
    health,
    insurers,
    notifications,
    patients,
    policies,
    users,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    health.blueprint,
    auth.blueprint,
    dashboard.blueprint,
    users.blueprint,
    catalogs.blueprint,
    doctors.blueprint,
    patients.blueprint,
    addresses.blueprint,
    appointments.blueprint,
    consultations.blueprint,
    episodes.blueprint,
    files.blueprint,
    insurers.blueprint,
    policies.blueprint,
    notifications.blueprint,
    access_codes.blueprint,
    audit.blueprint,
)
