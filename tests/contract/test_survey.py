"""The survey finds out what a deployment is like, whatever that is, and writes nothing."""

from typing import Any

import pytest

from api.endpoint import Endpoint
from api.endpoints import (
    APPOINTMENT_TYPES,
    CATALOGS,
    CREATE_ADDRESS,
    DELETE_APPOINTMENT,
    ENDPOINTS,
    LIST_ADDRESSES,
    LIST_APPOINTMENTS,
    LIST_EPISODES,
    LIST_USERS,
)
from api.failures import NoAnswer, RequestFailed, TaskCannotGoOn, UnexpectedAnswer
from commands.role_ids import ids_of_roles
from records.paging import rows_of
from records.survey import COLONIA, Survey
from run.roles import all_roles
from run.surveyor import MAX_SILENCES, Surveyor
from run.time_shift import time_shift
from tests.contract.conftest import Deploy
from tests.contract.people import Person

NAMES = {role.role: tuple(role.names_in_tokens) for role in all_roles()}


class Client:
    """ApiClient.call of a person of the contract tests; remembers what was asked."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self.asked: list[Endpoint] = []

    def __call__(self, endpoint: Endpoint, body: Any = None, **params: Any) -> Any:
        self.asked.append(endpoint)
        headers = {"Authorization": f"Bearer {self._person.token}"}
        target = endpoint.target(params)
        response = self._person.client.open(target, method=endpoint.method, json=body, headers=headers)
        try:
            return endpoint.read(response.status_code, response.data, params, None)
        except RequestFailed as failure:
            raise TaskCannotGoOn(failure) from None


def surveyor_of(person: Person) -> Surveyor:
    surveyor = Surveyor(Client(person))
    surveyor.read_everything()
    return surveyor


@pytest.mark.parametrize(("offset", "roles"), [(0, (1, 2, 3)), (100, (102, 103, 101))])
def test_ids_are_the_deployments_own(deploy: Deploy, offset: int, roles: tuple[int, ...]) -> None:
    surveyor = surveyor_of(deploy(id_offset=offset))
    assert surveyor.roles(NAMES) == dict(zip(("admin", "doctor", "patient"), roles, strict=True))
    found = Survey(catalogs=surveyor.catalogs(), colonia=surveyor.colonia())
    assert found.known_colonia() > offset
    assert [found.entry(catalog, 0) for catalog in CATALOGS] == [offset + 1] * len(CATALOGS)
    assert found.entry(APPOINTMENT_TYPES, 99) == found.entries(APPOINTMENT_TYPES)[-1]


def test_every_readable_route_is_asked_and_nothing_is_written(deploy: Deploy) -> None:
    client = Client(deploy())
    surveyor = Surveyor(client)
    surveyor.read_everything()
    surveyor.colonia()
    assert {endpoint.method for endpoint in client.asked} == {"GET"}
    readable = {str(endpoint) for endpoint in ENDPOINTS if endpoint.method == "GET"}
    assert surveyor.answers == dict.fromkeys(readable, "")


def test_a_part_that_is_missing_is_known_with_its_first_answer(deploy: Deploy) -> None:
    surveyor = surveyor_of(deploy(without=("addresses",)))
    assert surveyor.colonia() is None
    found = Survey(answers=surveyor.answers, unknown={COLONIA: "why"})
    told = 'expected status 200, got 500 (relation "direccion_paciente" does not exist)'
    assert found.broken == {str(LIST_ADDRESSES): told}
    assert (found.lacks(CREATE_ADDRESS), found.lacks(DELETE_APPOINTMENT)) == ("why", "")


@pytest.mark.parametrize(
    ("zone", "minutes"),
    [("UTC", 0), ("America/Mexico_City", 360), ("Asia/Kathmandu", -345), ("Pacific/Kiritimati", -840)],
)
def test_the_shift_of_times_is_found_by_reading_alone(deploy: Deploy, zone: str, minutes: int) -> None:
    assert time_shift(surveyor_of(deploy(time_zone=zone))) == minutes


def test_without_an_appointment_nobody_knows_the_shift(deploy: Deploy) -> None:
    surveyor = surveyor_of(deploy())
    surveyor.rows[LIST_APPOINTMENTS.path] = []
    assert time_shift(surveyor) is None


def test_a_server_that_falls_silent_ends_the_survey() -> None:
    def silence(endpoint: Endpoint, **_: Any) -> Any:
        raise TaskCannotGoOn(NoAnswer("no whole answer within 10 s"))

    surveyor = Surveyor(silence)
    with pytest.raises(TaskCannotGoOn, match="no whole answer"):
        surveyor.read_everything()
    assert len(surveyor.answers) == MAX_SILENCES - 1


def test_roles_that_nobody_has_are_found_by_trying(deploy: Deploy) -> None:
    admin = deploy(id_offset=100)
    client, before = Client(admin), admin.get("/api/users").json["pagination"]
    trial = {"username": "loadtest_trial", "correo": "loadtest_trial@loadtest.example.com", "password": "secret"}
    found = ids_of_roles(client, Survey(roles={"admin": 102}), NAMES, trial, ("doctor", "patient"))
    assert found == {"admin": 102, "doctor": 103, "patient": 101}
    assert admin.get("/api/users").json["pagination"] == before


def test_episodes_are_read_to_their_end_though_they_do_not_count_them(deploy: Deploy) -> None:
    admin = deploy()
    every = admin.get("/api/appointments/episodios?limit=9999").json["data"]
    assert len(every) > 10
    found = list(rows_of(Client(admin), LIST_EPISODES))
    assert [row.id for row in found] == [row["id"] for row in every]


def test_users_of_other_roles_are_no_answer(deploy: Deploy) -> None:
    surveyor = surveyor_of(deploy())
    surveyor.rows[LIST_USERS.path] = []
    assert surveyor.roles(NAMES) == {"doctor": 2, "patient": 3}


@pytest.mark.parametrize(("failures", "told"), [(1, ""), (2, "expected status 200, got 503")])
def test_one_bad_moment_breaks_no_route(failures: int, told: str) -> None:
    asked = []

    def call(endpoint: Endpoint[Any], **params: Any) -> Any:
        asked.append(endpoint)
        if len(asked) <= failures:
            raise TaskCannotGoOn(UnexpectedAnswer("expected status 200, got 503", 503))
        return "an answer"

    surveyor = Surveyor(call)
    assert surveyor.ask(LIST_USERS, limit=1) == (None if told else "an answer")
    assert surveyor.answers == {str(LIST_USERS): told}
    assert len(asked) == 2
    surveyor.ask(LIST_USERS, limit=2)
    assert surveyor.answers == {str(LIST_USERS): told}, "what failed once for good is not forgotten"
