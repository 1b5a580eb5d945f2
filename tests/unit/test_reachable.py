"""Which routes a role may ask: read from its tasks' code."""

from locust import tag, task

from api.endpoints import CREATE_ADDRESS, ENDPOINTS, LIST_ADDRESSES, LIST_APPOINTMENTS, LIST_PATIENTS, SPECIALTIES
from tasks.journey import journey
from tasks.reachable import routes_of
from tasks.role_tasks import RoleTasks
from tests.roles import ROLES
from users.cms_user import CMSUser


class Tasks(RoleTasks):
    def on_start(self):
        super().on_start()
        self.choices = self.deck(SPECIALTIES)

    @tag("write")
    @task
    @journey
    def settle_down(self):
        for _ in range(2):
            (lambda: self.call(CREATE_ADDRESS))()
        self.look_around()

    def look_around(self):
        self.call(LIST_ADDRESSES)


class ByHand(RoleTasks):
    @task
    def look(self):
        self.client.get("/health")


class User(CMSUser):
    abstract = True
    own_record = LIST_PATIENTS
    tasks = [Tasks]  # noqa: RUF012 - Locust's own way to name the tasks


class HandWritten(User):
    abstract = True
    tasks = [Tasks, ByHand]  # noqa: RUF012 - Locust's own way to name the tasks


def test_what_journeys_helpers_and_beginnings_name_is_reached_and_nothing_else():
    routes = routes_of(User)
    assert {str(CREATE_ADDRESS), str(LIST_ADDRESSES), *map(str, SPECIALTIES)} <= routes
    assert {"GET /health", "POST /api/auth/login", "GET /api/patients", "GET /api/auth/me"} <= routes
    assert str(LIST_APPOINTMENTS) not in routes


def test_of_requests_written_by_hand_nobody_knows_where_they_lead():
    assert routes_of(HandWritten) is None


def test_together_the_roles_reach_every_route():
    reached = [routes_of(role) for role in ROLES]
    assert None in reached or set().union(*reached) == set(map(str, ENDPOINTS))
