"""The access audit against the sandbox: nothing where roles are kept, all leaks where not, and each changed grant."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from flask import g, request
from flask.testing import FlaskClient

from access.findings import LEAK, UNDECIDED, WRONGLY_REFUSED
from access.matrix import ANOTHERS, ANYBODYS, BFLA, BOLA, EXPIRED, MORE_RIGHTS, OWN_RECORD, Cell, cells_of
from access.questions import OWNED
from api.endpoints import ENDPOINTS
from config.access_file import ALL, NONE, OWN, ROLES_ASKED, AccessRule
from records.sweep import Sweep
from sandbox import lists as lists_of_sandbox
from sandbox.access_rules import AccessRules
from sandbox.app import create_app
from sandbox.db import Database
from sandbox.routes import patients
from sandbox.tokens import Caller, Tokens, tokens_of
from tests.contract.auditing import MARK, RULES, Audited

CELLS = cells_of(RULES, ENDPOINTS, OWNED)


def every(cell: Cell) -> bool:
    return True


def found_by(audited: Audited, chosen: Callable[[Cell], bool] = every) -> dict[str, str]:
    """The outcome of each cell that is not as the file says."""
    return {finding.cell: finding.outcome for finding in audited.report(chosen).findings}


def test_where_roles_are_kept_nothing_is_found(clinic: Callable[..., FlaskClient]) -> None:
    report = Audited(clinic(access=AccessRules.read())).report()
    assert report.findings == []
    assert report.not_asked == [f"102 cells: there is no token of the kind '{EXPIRED}'"]
    assert report.cells == len(CELLS) - 102


def test_as_deployed_every_leak_is_found_that_the_file_implies(clinic: Callable[..., FlaskClient]) -> None:
    of_roles = [cell for cell in CELLS if cell.role in ROLES_ASKED]
    implied = [cell for cell in of_roles if not cell.allowed and cell.whose in (OWN_RECORD, ANOTHERS, ANYBODYS)]
    assert len(implied) > 150
    assert found_by(Audited(clinic())) == {str(cell): LEAK for cell in implied}


@pytest.mark.parametrize("strict", [True, False], ids=["strict", "as deployed"])
def test_all_that_was_made_goes_again(databases: Callable[..., Database], strict: bool) -> None:
    database = databases()
    before = rows_in(database)
    audited = Audited(create_app(database, access=AccessRules.read() if strict else None).test_client())
    audited.report()
    assert sum(rows_in(database).values()) > sum(before.values()) + 40
    audited.tidy()
    assert rows_in(database) == before
    assert not audited.maker.ledger


def test_a_sweep_removes_what_a_killed_audit_has_left(databases: Callable[..., Database]) -> None:
    database = databases()
    before = rows_in(database)
    audited = Audited(create_app(database).test_client())
    audited.report()
    swept = Sweep(audited.call, MARK, datetime.now(UTC) - timedelta(hours=1)).everything([])
    assert (list(swept.problems()), rows_in(database)) == ([], before)


def rows_in(database: Database) -> dict[str, int]:
    tables = [name for name in database.tables() if not name.startswith(("auditoria", "sqlite"))]
    return {name: database.value(f"SELECT COUNT(*) FROM {name}") for name in tables}


@pytest.fixture(scope="module")
def changeable(changed: Database) -> tuple[Audited, dict[str, dict[str, str]]]:
    """One clinic, and the grants that its API keeps to."""
    grants = {route: dict(scopes) for route, scopes in AccessRules.read().routes.items()}
    return Audited(create_app(changed, access=AccessRules(grants)).test_client()), grants


RESOURCES = tuple(dict.fromkeys(rule.resource for rule in RULES.values() if "nobody" not in rule.scopes))


@pytest.mark.parametrize("role", ROLES_ASKED)
@pytest.mark.parametrize("resource", RESOURCES)
def test_each_grant_that_is_added_or_removed_is_found_and_nothing_else(
    changeable: tuple[Audited, dict[str, dict[str, str]]], role: str, resource: str
) -> None:
    audited, grants = changeable
    tried = 0
    for rule in RULES.values():
        for scope in (ALL, OWN, NONE) if rule.resource == resource and "nobody" not in rule.scopes else ():
            if scope == rule.scope(role) or (scope == OWN and not has_owner(rule)):
                continue
            grant = grants[re.sub(r"{\w+}", "*", rule.route)]
            grant[role] = scope
            found = found_by(audited, lambda cell: (cell.role, cell.resource) == (role, resource))
            grant[role] = rule.scope(role)
            assert without_undecided(found) == implied(rule, role, scope), f"{rule.route}: {role} = {scope}"
            tried += 1
    assert tried >= 1


def has_owner(rule: AccessRule) -> bool:
    return rule.route in map(str, OWNED)


def without_undecided(found: dict[str, str]) -> dict[str, str]:
    """The audit makes its records as an administrator: of one without a right, it may lack some."""
    return {cell: outcome for cell, outcome in found.items() if outcome != UNDECIDED}


def implied(rule: AccessRule, role: str, scope: str) -> dict[str, str]:
    """What an API that grants `scope` does otherwise than the file says."""
    changed = {**RULES, rule.route: replace(rule, scopes={**rule.scopes, role: scope})}
    as_granted = {str(cell): cell.allowed for cell in cells_of(changed, ENDPOINTS, OWNED)}
    return {
        str(cell): WRONGLY_REFUSED if cell.allowed else LEAK
        for cell in CELLS
        if cell.role == role and as_granted.get(str(cell), cell.allowed) != cell.allowed
    }


@pytest.mark.parametrize(
    ("key", "lists"),
    [
        ("search", {"/api/patients", "/api/files", "/api/insurance/policies"}),
        ("paciente_id", {f"/api/appointments/{name}" for name in ("citas", "consultas", "episodios")}),
        ("medico_id", {f"/api/appointments/{name}" for name in ("citas", "consultas")}),
        ("archivo_id", {"/api/files/associations"}),
    ],
)
def test_a_list_that_leaks_by_one_parameter_only_is_found(
    clinic: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch, key: str, lists: set[str]
) -> None:
    conditions = lists_of_sandbox._conditions

    def careless(listing: lists_of_sandbox.Listing) -> object:
        if key in request.args:
            g.pop("own_patients", None)
        return conditions(listing)

    monkeypatch.setattr(lists_of_sandbox, "_conditions", careless)
    found = found_by(Audited(clinic(access=AccessRules.read())), lambda cell: cell.role in ("doctor", "patient"))
    assert found == {f"{role} GET {path} another's": LEAK for role in ("doctor", "patient") for path in lists}


class Gullible(Tokens):
    """Believes whatever a token says."""

    def caller(self, token: str) -> Caller:
        claims = jwt.decode(token, options={"verify_signature": False})
        return Caller(claims["id"], claims["username"], claims["role"])


def test_broken_tokens_are_found_where_nobody_checks_them(
    clinic: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.app.Tokens", Gullible)
    found = found_by(Audited(clinic(access=AccessRules.read())))
    believed = {cell for cell in CELLS if cell.role in ("forged role", "other key", "alg none") and not cell.allowed}
    # The forged one is a patient's but for its role: as an administrator it is let in everywhere.
    assert found == {str(cell): LEAK for cell in believed}


class Eternal(Tokens):
    """Never minds that a token's time is over."""

    def caller(self, token: str) -> Caller:
        claims = jwt.decode(token, self.secret, algorithms=["HS256"], options={"verify_exp": False})
        return Caller(claims["id"], claims["username"], claims["role"])


@pytest.mark.parametrize("kind", [Tokens, Eternal])
def test_an_expired_token_is_tried_when_there_is_one(
    clinic: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch, kind: type[Tokens]
) -> None:
    monkeypatch.setattr("sandbox.app.Tokens", kind)
    client = clinic()
    issued = tokens_of(client.application)
    expired = replace(issued, ttl=-10).issue(Caller(1, "admin", "Administrador"))
    audited = Audited(client, expired)
    asked = [cell for cell in CELLS if cell.role == EXPIRED]
    assert len(asked) == 102
    found = found_by(audited, lambda cell: cell.role == EXPIRED)
    assert found == ({str(cell): LEAK for cell in asked} if kind is Eternal else {})


def test_a_patient_who_gets_another_record_by_an_update_is_found(
    clinic: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = {**patients.PATIENT.replaced, "usuario_id": patients.PATIENT.created["usuario_id"]}
    monkeypatch.setattr("sandbox.routes.patients.PATIENT", replace(patients.PATIENT, replaced=fields))
    report = Audited(clinic(access=AccessRules.read())).report(lambda cell: cell.whose == MORE_RIGHTS)
    (finding,) = report.findings
    assert (finding.outcome, finding.owasp[:9]) == (LEAK, "API3:2023")
    assert finding.what == "the record went to another account"


def test_a_finding_says_what_it_is_and_how_to_try_it(clinic: Callable[..., FlaskClient]) -> None:
    report = Audited(clinic()).report(lambda cell: cell.role == "patient" and cell.resource in ("users", "patients"))
    found = {finding.cell: finding for finding in report.findings}
    listed = found["patient GET /api/users anybody's"]
    assert listed.owasp == BFLA
    assert listed.curl == (
        "curl -i -X GET 'http://cms.example.com/api/users?limit=100' -H \"Authorization: Bearer $PATIENT_TOKEN\""
    )
    assert re.fullmatch(r"\d+ rows that must not be seen", listed.what)
    assert found["patient GET /api/patients another's"].owasp == BOLA
    password = found["patient PATCH /api/users/{id}/password anybody's"]
    assert '\'{"password":"..."}\'' in password.curl
