"""Which routes a role may ask: read from its tasks' code."""

from api.endpoints import ENDPOINTS
from tasks.reachable import routes_of
from tests.roles import ROLES
from users.patient import PatientUser


def test_together_the_roles_reach_every_route():
    reached = {role: routes_of(role) for role in ROLES}
    assert set().union(*reached.values()) == set(map(str, ENDPOINTS))


def test_a_patient_reaches_what_its_journeys_and_helpers_ask_and_nothing_else():
    routes = routes_of(PatientUser)
    assert {"GET /health", "POST /api/auth/login", "GET /api/patients", "GET /api/appointments/citas"} <= routes
    assert "POST /api/patients/{patient_id}/addresses" in routes
    assert "GET /api/audit" not in routes
    assert len(routes) < len(ENDPOINTS) / 2
