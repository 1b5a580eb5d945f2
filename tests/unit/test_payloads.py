"""What the suite writes fits into the API's columns, whatever the run is called."""

from datetime import UTC, datetime
from random import Random

import pytest

from api.endpoints import (
    BLOOD_TYPES,
    CATALOGS,
    CREATE_ACCESS_CODE,
    CREATE_ADDRESS,
    CREATE_DOCTOR,
    CREATE_FILE,
    CREATE_INSURER,
    CREATE_NOTIFICATION,
    CREATE_PATIENT,
    CREATE_POLICY,
    CREATE_USER,
)
from api.text_limits import TEXT_LIMITS
from commands.provision import Provision, own_record, record_body, username_of
from records.marks import Mark
from records.payloads import Payloads
from records.survey import Survey
from tests.roles import ROLES
from users.accounts import Account

LONGEST_TAG = "w" * 12
NOW = datetime(2026, 11, 24, tzinfo=UTC)

SURVEY = Survey(
    roles={"doctor": 9, "patient": 7},
    catalogs={catalog.list_entries.path: [101, 102] for catalog in CATALOGS},
    colonia=103,
)

WRITTEN = {
    CREATE_USER: lambda payloads: payloads.account(),
    CREATE_PATIENT: lambda payloads: payloads.patient(1, 1, 1, 1, 1),
    CREATE_DOCTOR: lambda payloads: payloads.doctor(1, 1),
    CREATE_ADDRESS: lambda payloads: payloads.address(),
    CREATE_FILE: lambda payloads: payloads.study(1),
    CREATE_INSURER: lambda payloads: payloads.insurer(),
    CREATE_POLICY: lambda payloads: payloads.policy(1, 1),
    CREATE_NOTIFICATION: lambda payloads: payloads.notification(1),
    CREATE_ACCESS_CODE: lambda payloads: payloads.access_code(1),
    **{catalog.create_entry: lambda payloads: payloads.catalog_entry() for catalog in CATALOGS},
    BLOOD_TYPES.create_entry: lambda payloads: payloads.blood_type(),
}


def test_every_limit_has_a_payload_that_is_held_against_it():
    assert WRITTEN.keys() == TEXT_LIMITS.keys()


@pytest.mark.parametrize("endpoint", WRITTEN, ids=str)
def test_a_payload_fits_for_the_longest_tag_and_any_seed(endpoint):
    for seed in range(100):
        body = WRITTEN[endpoint](Payloads(Mark(LONGEST_TAG), Random(seed), SURVEY))
        too_long = {
            name: body[name] for name, limit in TEXT_LIMITS[endpoint].items() if len(body.get(name) or "") > limit
        }
        assert not too_long


@pytest.mark.parametrize("role", [role.role for role in ROLES if role.own_record])
def test_a_test_account_fits(role):
    account = Account(username_of(role, 10_000), "x", role)
    for create, body in (
        (CREATE_USER, Provision(None, SURVEY.roles)._user_body(account)),
        (own_record(role).create, record_body(account, 1)),
    ):
        assert all(len(body.get(name) or "") <= limit for name, limit in TEXT_LIMITS[create].items())
