"""Edited copies of the project: a fourth role, and what a Locust tutorial has one edit."""

import json
import shutil
import subprocess
import sys

import pytest

from tests.processes import PATIENCE, ROOT, clean_environment
from tests.roles import CLASSES, NAMES

USER = '''"""The receptionist: knows who comes today."""

from tasks.receptionist import ReceptionistTasks
from users.cms_user import CMSUser


class ReceptionistUser(CMSUser):
    weight = 2
    role = "receptionist"
    names_in_tokens = ("Administrador",)
    seeded_accounts = ("admin",)
    tasks = [ReceptionistTasks]
'''
TASKS = '''"""What a receptionist does: greets who comes, and notes who rings."""

from locust import tag, task

from api.endpoints import CREATE_NOTIFICATION, DELETE_NOTIFICATION, LIST_APPOINTMENTS
from tasks.journey import journey
from tasks.role_tasks import RoleTasks
from tasks.times import this_week


class ReceptionistTasks(RoleTasks):
    @tag("read")
    @task(4)
    def see_who_comes(self) -> None:
        """The list at the desk."""
        self.call(LIST_APPOINTMENTS, **this_week())

    @tag("write")
    @task(1)
    @journey
    def note_a_call(self) -> None:
        """Somebody rings, and is told later."""
        self.call(LIST_APPOINTMENTS, **this_week())
        body = self.user.payloads.notification(self.user.session.user_id)
        note = self.then_create(CREATE_NOTIFICATION, body, undo=DELETE_NOTIFICATION)
        self.then_remove(DELETE_NOTIFICATION, id=note.id)
'''
LINE = "from users.receptionist import ReceptionistUser\n"
LEFT_OUT = ("venv", ".git", "results", ".*_cache", "__pycache__", ".hypothesis")


@pytest.fixture
def project(tmp_path):
    """A copy of the project."""
    project = tmp_path / "project"
    shutil.copytree(ROOT, project, ignore=shutil.ignore_patterns(*LEFT_OUT))
    return project


@pytest.fixture
def with_receptionist(project):
    """The copy, with a fourth role."""
    (project / "users" / "receptionist.py").write_text(USER)
    (project / "tasks" / "receptionist.py").write_text(TASKS)
    locustfile = project / "locustfile.py"
    locustfile.write_text(locustfile.read_text("utf-8").replace("\nrun.attach", f"{LINE}\nrun.attach"), "utf-8")


@pytest.fixture
def python(project):
    """`python(*words)`: what a command of the copy printed; it must end well."""

    def call(*words):
        done = subprocess.run(
            [sys.executable, *words],
            cwd=project,
            env=clean_environment({"PYTHONPATH": str(project)}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr
        return done.stdout

    return call


def verdict_in(folder):
    (file,) = folder.glob("results/*/verdict.json")
    return json.loads(file.read_text("utf-8"))


@pytest.mark.usefixtures("with_receptionist")
@pytest.mark.parametrize("scenario", ["light", "arrivals"])
def test_a_fourth_role_takes_part(project, start_locust, tmp_path, scenario):
    load = ("-u", "24", "-r", "24", "-t", "10s", "--think-time", "0.1-0.3", "--arrival-rate", "20")
    options = ("--config", f"config/scenarios/{scenario}.conf", *load, "--cleanup-time", "20")
    (tmp_path / "slo.toml").write_text(
        '[everything]\nfailure_ratio = 0.01\n[roles.receptionist]\np95 = 20000\n[journeys."note a call"]\np95 = 20000\n'
    )
    locust = start_locust(*options, "--slo", str(tmp_path / "slo.toml"), cwd=project, env={"PYTHONPATH": str(project)})
    assert locust.wait() == 0, locust.output
    assert "Traceback" not in locust.output
    verdict = verdict_in(tmp_path)
    assert set(verdict["roles"]) == {*NAMES, "receptionist"}
    if scenario == "light":
        assert verdict["users"]["by_role"]["receptionist"] == 24 * 2 // 12


@pytest.mark.usefixtures("with_receptionist")
def test_a_fourth_role_has_its_options_and_tables_and_can_be_provisioned(project, python, sandbox):
    assert "--receptionist-username" in python("-m", "config.locust_command", "--help")
    assert [*CLASSES, "ReceptionistUser"] == sorted(python("-m", "locust", "--list").split()[-len(CLASSES) - 1 :])
    python("-m", "tests.readme_tables")
    assert "`see_who_comes`" in (project / "docs" / "tasks.md").read_text("utf-8")
    file = ("--accounts", "made.csv")
    nobody = [word for role in NAMES for word in (f"--{role}s", "0")]
    made = python("-m", "commands", "provision", "--host", sandbox.url, *file, *nobody, "--receptionists", "2")
    assert "2 of 2 accounts are ready" in made
    assert "loadtest_receptionist0002" in (project / "made.csv").read_text("utf-8")
    removed = python("-m", "commands", "provision", "--host", sandbox.url, *file, "--remove")
    assert "2 of 2 accounts are removed" in removed


KEEPERS = ("house_rules", "readme", "accounts", "slo", "payloads", "tasks", "reachable", "benchmarks")


@pytest.mark.usefixtures("with_receptionist")
def test_a_fourth_role_breaks_no_rule_of_the_house(python):
    python("-m", "tests.readme_tables")
    python("-m", "pytest", "-q", "-p", "no:cacheprovider", *(f"tests/unit/test_{name}.py" for name in KEEPERS))


BY_HAND = """

    @task(3)
    def look_by_hand(self):
        with self.client.get("/api/auth/me", name="who am I", catch_response=True) as answer:
            if answer.json()["username"] != self.user.account.username:
                answer.failure("somebody else")
"""


def test_what_a_tutorial_has_one_edit_breaks_nothing(project, python, start_locust, tmp_path):
    """A weight, a number of @task, a wait_time, and a task with a request of one's own."""
    patient, tasks = project / "users" / "patient.py", project / "tasks" / "patient.py"
    user = patient.read_text("utf-8").replace("weight = 6", "weight = 5\n    wait_time = between(0.1, 0.4)")
    patient.write_text(user.replace("\n\nfrom", "\n\nfrom locust import between\n\nfrom", 1), "utf-8")
    text = tasks.read_text("utf-8")
    assert "@task(4)" in text
    tasks.write_text(text.replace("@task(4)", "@task(7)", 1) + BY_HAND, "utf-8")
    python("-m", "tests.readme_tables")
    python("-m", "pytest", "-q", "-p", "no:cacheprovider", *(f"tests/unit/test_{name}.py" for name in KEEPERS))
    light = ("--config", "config/scenarios/light.conf", "-u", "20", "-r", "20", "-t", "8s", "--think-time", "0.1-0.3")
    locust = start_locust(*light, cwd=project, env={"PYTHONPATH": str(project)})
    assert locust.wait() == 0, locust.output
    verdict = verdict_in(tmp_path)
    assert verdict["settings"]["wait_times"]["patient"] == "between(0.1, 0.4)"
    assert verdict["endpoints"]["GET who am I"]["steady"]["requests"] > 0
