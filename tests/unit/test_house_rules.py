"""The rules of the house, kept by a test: every fact has one home, and tasks read like what people do."""

import ast
import inspect
import re
from collections import Counter
from pathlib import Path

import pytest

from tasks.admin import AdminTasks
from tasks.doctor import DoctorTasks
from tasks.patient import PatientTasks
from users.admin import AdminUser
from users.base import CMSUser
from users.doctor import DoctorUser
from users.patient import PatientUser

ROOT = Path(__file__).resolve().parents[2]
SUITE = ("api", "config", "lifecycle", "reporting", "tasks", "users")
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
    mix = Counter(task.__name__ for task in task_set.tasks)
    health = mix.pop("check_the_health")
    weights = {name: count // 49 for name, count in mix.items()}
    reading = {name: weight for name, weight in weights.items() if name in READING_MIX[task_set]}
    assert reading == READING_MIX[task_set]
    assert health / (health + mix.total()) == 1 / 50


@pytest.mark.parametrize("task_set", TASK_SETS)
def test_every_task_says_why_a_person_does_it(task_set):
    assert [task.__name__ for task in set(task_set.tasks) if not (task.__doc__ or "").strip()] == []


def test_every_module_says_what_lives_in_it():
    assert [str(path) for path in suite_files() if not ast.get_docstring(ast.parse(path.read_text("utf-8")))] == []


def test_only_the_options_read_the_environment():
    readers = [path.name for path in suite_files() if re.search(r"os\.(environ|getenv)", path.read_text("utf-8"))]
    assert readers == ["options.py"]


def test_tasks_hold_no_ids():
    for task_set in TASK_SETS:
        calls = re.findall(r"\b(?:id|\w+_id)=\d", inspect.getsource(task_set))
        assert calls == []
