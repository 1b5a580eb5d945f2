"""The rules of the house, kept by a test: every fact has one home, and tasks read like what people do."""

import ast
import inspect
import re
from collections import Counter
from pathlib import Path

import pytest

from api import endpoints
from api.endpoint import Endpoint
from tasks.admin import AdminTasks
from tasks.doctor import DoctorTasks
from tasks.patient import PatientTasks
from users.admin import AdminUser
from users.cms_user import CMSUser
from users.doctor import DoctorUser
from users.patient import PatientUser

ROOT = Path(__file__).resolve().parents[2]
SUITE = ("api", "config", "load", "records", "reporting", "run", "tasks", "users")
TASK_SETS = (AdminTasks, DoctorTasks, PatientTasks)
READING_MIX = {
    AdminTasks: {
        "browse_the_users": 5,
        "open_a_user": 3,
        "browse_the_patients": 2,
        "browse_the_doctors": 2,
        "watch_the_key_figures": 4,
        "study_the_charts": 3,
        "browse_the_appointments": 2,
        "read_the_audit_log": 2,
        "review_the_audit_figures": 1,
        "look_into_a_catalog": 2,
        "browse_the_files": 1,
        "browse_the_insurers": 1,
        "browse_the_notifications": 1,
        "see_who_i_am": 1,
    },
    DoctorTasks: {
        "review_my_agenda": 6,
        "read_a_patients_consultations": 5,
        "open_a_patient": 4,
        "read_a_patients_episodes": 3,
        "look_up_specialties": 2,
        "see_a_patients_files": 2,
        "glance_at_the_key_figures": 1,
        "see_who_i_am": 1,
    },
    PatientTasks: {
        "check_my_appointments": 5,
        "read_my_consultations": 4,
        "follow_my_episodes": 3,
        "open_my_record": 2,
        "check_my_addresses": 2,
        "check_my_policies": 1,
        "read_notifications": 1,
        "see_who_i_am": 1,
    },
}


def suite_files():
    files = [path for folder in SUITE for path in (ROOT / folder).rglob("*.py")]
    return [*files, ROOT / "locustfile.py"]


def test_urls_live_in_one_file():
    strays = [
        str(path.relative_to(ROOT))
        for path in suite_files()
        if path.name != "endpoints.py" and re.search(r"""["']/(api|health)/""", path.read_text("utf-8"))
    ]
    assert strays == []


def test_the_base_user_is_abstract_and_the_roles_are_one_three_six():
    assert CMSUser.abstract
    assert [role.weight for role in (AdminUser, DoctorUser, PatientUser)] == [1, 3, 6]


@pytest.mark.parametrize("task_set", TASK_SETS)
def test_the_reading_mix_is_what_people_of_this_system_do(task_set):
    weights = {task.__name__: task.locust_task_weight for task in set(task_set.tasks) - {task_set.check_the_health}}
    reading = {name: weight for name, weight in weights.items() if name in READING_MIX[task_set]}
    assert reading == READING_MIX[task_set]


@pytest.mark.parametrize("task_set", TASK_SETS)
def test_one_task_in_fifty_is_a_health_check_and_a_journey_counts_half(task_set):
    mix = Counter(task_set.tasks)
    assert mix.pop(task_set.check_the_health) * 50 == len(task_set.tasks)
    for task, count in mix.items():
        assert count == task.locust_task_weight * 49 * (1 if hasattr(task, "is_journey") else 2)


def test_every_route_is_used_by_a_task_or_by_the_sign_in():
    sources = [path.read_text("utf-8") for folder in ("tasks", "users") for path in (ROOT / folder).glob("*.py")]
    used = {name for source in sources for name in names_used(source)}
    named = {name: value for name, value in vars(endpoints).items() if isinstance(value, Endpoint)}
    assert {name for name in named if name not in used} == set()
    assert {f"{part}_entry" for part in ("create", "get", "update", "delete")} | {"list_entries"} <= used


@pytest.mark.parametrize("task_set", TASK_SETS)
def test_every_task_is_tagged_as_reading_or_writing(task_set):
    tags = {task.__name__: getattr(task, "locust_tag_set", set()) for task in task_set.tasks}
    assert {name: found for name, found in tags.items() if len(found & {"read", "write"}) != 1} == {}


def test_no_reading_task_of_a_role_can_write():
    for task_set in TASK_SETS:
        for task in set(task_set.tasks):
            source = inspect.getsource(task)
            if "read" in task.locust_tag_set:
                assert not re.search(r"\b(CREATE|UPDATE|DELETE|SET|CLOSE)_|then_(create|remove)", source), source


def names_used(source):
    """The names and attributes that code reads, imports left aside."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


@pytest.mark.parametrize("task_set", TASK_SETS)
def test_every_task_says_why_a_person_does_it(task_set):
    assert [task.__name__ for task in set(task_set.tasks) if not (task.__doc__ or "").strip()] == []


def test_every_module_says_what_lives_in_it():
    assert [str(path) for path in suite_files() if not ast.get_docstring(ast.parse(path.read_text("utf-8")))] == []


def test_only_the_parser_reads_the_environment():
    readers = [path.name for path in suite_files() if re.search(r"os\.(environ|getenv)", path.read_text("utf-8"))]
    assert readers == ["parser.py"]


def test_tasks_hold_no_ids():
    for task_set in TASK_SETS:
        calls = re.findall(r"\b(?:id|\w+_id)=\d", inspect.getsource(task_set))
        assert calls == []
