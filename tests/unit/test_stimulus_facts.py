"""What can be known of a load that was asked for: pauses as people write them, and users of the suite's own kind."""

from locust import FastHttpUser, HttpUser, TaskSet, between, constant, constant_pacing, task
from locust.env import Environment

from argparse import Namespace
from typing import ClassVar

import pytest

from reporting.metrics.store import MetricsStore
from reporting.stimulus_facts import stimulus_facts
from reporting.verdict.run_data import RunState
from tests.roles import NAMES
from users.admin import AdminUser
from users.doctor import DoctorUser
from users.patient import PatientUser
from users.wait_times import bounds_of

ROLES = [AdminUser, DoctorUser, PatientUser]


def pausing(wait):
    return type("Pausing", (PatientUser,), {"wait_time": wait, "abstract": True})


@pytest.mark.parametrize(
    ("user", "bounds"),
    [
        (PatientUser, (1.0, 3.0)),
        (pausing(between(0.5, 2)), (0.5, 2.0)),
        (pausing(constant(0.2)), (0.2, 0.2)),
        (pausing(constant_pacing(5)), None),
        (pausing(lambda self: 7), None),
    ],
    ids=["--think-time", "between", "constant", "constant_pacing", "of one's own"],
)
def test_pauses_are_known_where_they_are_written_as_numbers(user, bounds):
    assert bounds_of(user, (1.0, 3.0)) == bounds


def facts_of(options, *classes, started=1000.0, seconds=60):
    now = started
    store = MetricsStore(lambda: now)
    store.saw_users(10)
    store.reached_its_users()
    now += seconds
    store.is_stopping()
    environment = Environment(user_classes=[*classes])
    environment.parsed_options = options
    return stimulus_facts(environment, store, RunState(users_asked=10, by_role={"admin": 1, "doctor": 3, "patient": 6}))


@pytest.fixture
def options():
    return Namespace(each_task_once=False)


def test_a_run_of_the_roles_is_known_in_every_way(options):
    facts = facts_of(options, *ROLES)
    assert set(facts.weights) == set(NAMES)
    assert facts.mix == {"admin": (1, 1.0), "doctor": (3, 3.0), "patient": (6, 6.0)}
    assert (facts.asked, facts.user_seconds) == (10, 600.0)
    assert facts.weights["patient"]["check_my_appointments"] > 0


class Stranger(HttpUser):
    abstract = True

    @task
    def look(self):
        """Nothing."""


class FastStranger(FastHttpUser):
    abstract = True

    @task
    def look(self):
        """Nothing."""


class OfOnesOwn(PatientUser):
    abstract = True
    tasks: ClassVar = [TaskSet]


@pytest.mark.parametrize("stranger", [Stranger, FastStranger, OfOnesOwn])
def test_what_users_of_another_kind_do_is_not_known_and_so_littles_law_says_nothing(options, stranger):
    assert facts_of(options, *ROLES, stranger).user_seconds == 0.0


def test_a_run_of_each_task_once_has_no_weights_no_mix_and_no_shares(options):
    options.each_task_once = True
    facts = facts_of(options, *ROLES)
    assert (facts.weights, facts.mix, facts.workers, facts.asked) == ({}, {}, {}, 0)
