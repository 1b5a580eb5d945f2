"""What may stand in access.toml, and the one line that says what may not."""

import re

import pytest

from access.questions import OWNED
from api.endpoints import ENDPOINTS
from config.access_file import ALL, DEFAULT_ACCESS, NONE, ROLES_ASKED, read_access
from config.errors import SetupError

ROUTES = [str(route) for route in ENDPOINTS]
OWNABLE = [str(route) for route in OWNED]
TEXT = DEFAULT_ACCESS.read_text("utf-8")
USERS = '"GET /api/users" = { admin = "all", doctor = "none", patient = "none" }'


def test_the_file_says_of_every_route_and_role_what_they_may():
    rules = read_access(DEFAULT_ACCESS, ROUTES, OWNABLE)
    assert rules.keys() == set(ROUTES)
    assert len(rules) == 107
    assert all(rule.scope("admin") == ALL for rule in rules.values())
    assert all(role in rule.scopes for rule in rules.values() for role in ROLES_ASKED)
    needing_none = {route for route, rule in rules.items() if rule.scope("nobody") != NONE}
    assert needing_none == {str(route) for route in ENDPOINTS if not route.needs_token}


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (USERS.replace("users", "user"), "unknown route 'GET /api/user': did you mean 'GET /api/users'?"),
        (USERS.replace('doctor = "none"', 'doctor = "some"'), "GET /api/users: doctor = 'some': use all, own or none"),
        (USERS.replace("doctor", "doktor"), "unknown role 'doktor': did you mean 'doctor'?"),
        (USERS.replace('doctor = "none", ', ""), "GET /api/users: nothing is said of doctor: add doctor = 'all',"),
        (USERS.replace('"none" }', '"own" }'), "patient = 'own', but nothing there belongs to a patient: use all or"),
        ("", "does not say who may use GET /api/users: add it to the table of its resource"),
        ('"GET /api/users" = 1', "users is not a table of routes: write them below [users]"),
        ("[", "is not TOML:"),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_fix(tmp_path, written, told):
    file = tmp_path / "access.toml"
    file.write_text(TEXT.replace(USERS, written), "utf-8")
    with pytest.raises(SetupError, match=re.escape(told)):
        read_access(file, ROUTES, OWNABLE)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(SetupError, match=r"no\.toml: No such file or directory: name a TOML file"):
        read_access(tmp_path / "no.toml", ROUTES, OWNABLE)
