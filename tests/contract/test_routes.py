"""The sandbox serves the API's 107 routes, and not one more."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

from flask.testing import FlaskClient

from tests.contract.people import Person

CATALOGS = (
    "especialidades",
    "tipos-sangre",
    "ocupaciones",
    "estado-civil",
    "estado-cita",
    "tipo-cita",
    "estado-consulta",
    "estado-codigo",
)
_WITHOUT_CATALOGS = """
GET /health
GET /health/database
GET /health/api
GET /health/system
POST /api/auth/login
GET /api/auth/me
GET /api/dashboard
GET /api/dashboard/kpis
GET /api/dashboard/charts
GET /api/users
POST /api/users
GET /api/users/{id}
PUT /api/users/{id}
DELETE /api/users/{id}
PATCH /api/users/{id}/password
GET /api/doctors
POST /api/doctors
GET /api/doctors/{id}
PUT /api/doctors/{id}
DELETE /api/doctors/{id}
GET /api/patients
POST /api/patients
GET /api/patients/{id}
PUT /api/patients/{id}
DELETE /api/patients/{id}
GET /api/patients/{id}/addresses
POST /api/patients/{id}/addresses
PUT /api/patients/{id}/addresses/{address_id}
DELETE /api/patients/{id}/addresses/{address_id}
GET /api/appointments/citas
POST /api/appointments/citas
PUT /api/appointments/citas/{id}
DELETE /api/appointments/citas/{id}
GET /api/appointments/consultas
POST /api/appointments/consultas
PUT /api/appointments/consultas/{id}
DELETE /api/appointments/consultas/{id}
GET /api/appointments/episodios
POST /api/appointments/episodios
PATCH /api/appointments/episodios/{id}/close
DELETE /api/appointments/episodios/{id}
GET /api/files
POST /api/files
PUT /api/files/{id}
DELETE /api/files/{id}
GET /api/files/associations
DELETE /api/files/associations/{id}
GET /api/insurance/companies
POST /api/insurance/companies
GET /api/insurance/companies/{id}
PUT /api/insurance/companies/{id}
DELETE /api/insurance/companies/{id}
GET /api/insurance/policies
POST /api/insurance/policies
GET /api/insurance/policies/{id}
PUT /api/insurance/policies/{id}
DELETE /api/insurance/policies/{id}
GET /api/notifications
POST /api/notifications
PUT /api/notifications/{id}
DELETE /api/notifications/{id}
GET /api/notifications/access-codes
POST /api/notifications/access-codes
PUT /api/notifications/access-codes/{id}
DELETE /api/notifications/access-codes/{id}
GET /api/audit
GET /api/audit/stats
"""
_OF_A_CATALOG = """
GET /api/catalogs/{catalog}
POST /api/catalogs/{catalog}
GET /api/catalogs/{catalog}/{id}
PUT /api/catalogs/{catalog}/{id}
DELETE /api/catalogs/{catalog}/{id}
"""
ROUTES = _WITHOUT_CATALOGS.strip().splitlines() + [
    route.replace("{catalog}", catalog) for catalog in CATALOGS for route in _OF_A_CATALOG.strip().splitlines()
]


def test_the_routes_are_the_contracts(clinic: Callable[..., FlaskClient]) -> None:
    rules = clinic().application.url_map.iter_rules()
    served = [
        f"{method} {rule.rule.replace('<', '{').replace('>', '}')}"
        for rule in rules
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    ]
    assert len(ROUTES) == 107
    assert sorted(served) == sorted(ROUTES)


def test_anything_else_is_an_unknown_endpoint(admin: Person, anyone: Person) -> None:
    for reply in (admin.get("/api/nope"), anyone.get("/nope"), admin.patch("/api/users/1")):
        assert (reply.status, reply.json) == (404, {"error": "Endpoint not found"})


def test_every_route_but_sign_in_and_health_wants_a_token(anyone: Person) -> None:
    for route in ROUTES:
        method, path = route.replace("{id}", "1").replace("{address_id}", "1").split()
        if path.startswith("/health") or path == "/api/auth/login":
            continue
        reply = anyone.send(method, path)
        assert (reply.status, reply.json) == (401, {"error": "Access token required"}), route


def test_the_sandbox_and_the_suite_know_nothing_of_each_other() -> None:
    root = Path(__file__).parents[2]
    suite = {folder.name for folder in root.iterdir() if (folder / "__init__.py").exists()} - {"sandbox", "tests"}
    assert len(suite) > 5
    for path in root.glob("*/**/*.py"):
        folder = path.relative_to(root).parts[0]
        names = {name.partition(".")[0] for name in imported_by(path)} if folder in suite | {"sandbox"} else set()
        assert not names & (suite if folder == "sandbox" else {"sandbox"}), path


def imported_by(path: Path) -> Iterator[str]:
    """The modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
