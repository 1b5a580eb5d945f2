"""What a Locust tutorial teaches works here as it does there."""

import json
import re
import subprocess
import sys

import pytest

from tests.processes import PATIENCE, ROOT, Process, clean_environment, own_workers


@pytest.fixture
def output(tmp_path):
    """`output(*words)`: the two outputs of a command that ends well."""

    def call(*words, env=None):
        done = subprocess.run(
            words,
            cwd=ROOT,
            env=clean_environment({"CMS_RESULTS": str(tmp_path / "results"), **(env or {})}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr
        return done.stdout, done.stderr

    return call


def test_json_is_all_that_stands_on_stdout(output):
    load = ("--headless", "-u", "4", "-r", "4", "-t", "3s", "--think-time", "0.1-0.3")
    stdout, stderr = output(sys.executable, "-m", "locust", *load, "--json")
    assert {"name", "method", "num_requests"} <= set(json.loads(stdout)[0])
    assert "Results by role" in stderr
    assert "patient signs in" in stderr


@pytest.mark.parametrize(
    ("words", "left_out"),
    [
        (("PatientUser",), ["the budgets of the role 'doctor'", "the budgets of the role 'admin'"]),
        (("-u", "3"), ["everything min_rate"]),
        (("-u", "1", "AdminUser"), ["the budgets of the role 'patient'", "everything min_rate"]),
    ],
    ids=["one role", "three users", "one administrator"],
)
def test_a_part_of_a_scenario_is_held_to_what_it_can_do(output, tmp_path, words, left_out):
    stdout, _ = output("scenarios/light.sh", *words, "-r", "10", "-t", "8s", "--think-time", "0.1-0.3")
    assert "PASS light: every budget was kept" in stdout
    (file,) = (tmp_path / "results").glob("*/verdict.json")
    verdict = json.loads(file.read_text("utf-8"))
    for start in left_out:
        assert [told for told in verdict["left_out"] if told.startswith(start)], verdict["left_out"]
        assert f"Left out: {start}" in stdout
    judged = {budget["name"] for budget in verdict["budgets"] if budget["kind"] == "role"}
    assert judged == set(verdict["users"]["by_role"])


WAITING = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from locust import between, constant, constant_pacing
from locustfile import *

AdminUser.wait_time = between(0.1, 0.3)
DoctorUser.wait_time = constant(0.2)
"""


def test_a_wait_time_of_a_roles_own_is_obeyed_and_stands_in_the_verdict(run, tmp_path):
    locustfile = tmp_path / "waiting.py"
    locustfile.write_text(WAITING)
    result = run("-f", str(locustfile), "--read-only", users=10, seconds=5, think="0.3-0.4")
    assert result.code == 0, result.output
    waits = result.verdict["settings"]["wait_times"]
    assert (waits["admin"], waits["doctor"], waits["patient"]) == ("between(0.1, 0.3)", "constant(0.2)", "0.3-0.4 s")


BESIDE = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from locust import FastHttpUser, HttpUser, constant, task
from locustfile import *


class Monitoring(HttpUser):
    wait_time = constant(0.2)

    @task
    def look(self):
        self.client.get("/health", name="by HttpUser")


class FastMonitoring(FastHttpUser):
    wait_time = constant(0.2)

    @task
    def look(self):
        self.client.get("/health", name="by FastHttpUser")
"""


@pytest.mark.parametrize("more", [(), ("--read-only",), ("--tags", "read"), own_workers()])
def test_a_plain_http_user_works_beside_the_roles(run, tmp_path, more):
    locustfile = tmp_path / "beside.py"
    locustfile.write_text(BESIDE)
    result = run("-f", str(locustfile), *more, users=14, seconds=5)
    assert result.code == 0, result.output
    assert "Traceback" not in result.output
    endpoints = result.verdict["endpoints"]
    if "--tags" not in more:
        assert endpoints["GET by HttpUser"]["steady"]["requests"] > 0
        assert endpoints["GET by FastHttpUser"]["steady"]["requests"] > 0
        assert result.verdict["users"]["by_role"]["Monitoring"] > 0
    assert result.verdict["roles"]["patient"]["steady"]["requests"] > 0


ALONE = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from locust import events, run_single_user
from locustfile import PatientUser

answers = []


@events.request.add_listener
def stop_after_three(**row):
    answers.append(row["exception"])
    print(row["request_type"], row["name"], row["exception"], flush=True)
    if len(answers) == 5:
        sys.exit(0)


PatientUser.host = HOST
if __name__ == "__main__":
    run_single_user(PatientUser)
"""


def test_one_user_can_be_debugged_with_run_single_user(output, sandbox, tmp_path):
    script = tmp_path / "alone.py"
    script.write_text(ALONE.replace("HOST", repr(sandbox.url)))
    stdout, stderr = output(sys.executable, str(script), env={"CMS_THINK_TIME": "0.1-0.2"})
    assert "POST /api/auth/login None" in stdout
    assert stdout.count(" None") >= 5, stdout + stderr


def test_the_guides_example_for_a_debugger_is_valid_and_its_program_runs(sandbox, start_locust, tmp_path):
    """The program of the first configuration, as it stands in CONTRIBUTING."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    (launch,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    patient, run = json.loads(launch)["configurations"]
    (program,) = re.findall(r"```python\n# debug_patient.py\n(.*?)```", text, re.DOTALL)
    (tmp_path / "debug_patient.py").write_text(program)
    env = clean_environment(
        {**patient["env"], "LOCUST_HOST": sandbox.url, "PYTHONPATH": str(ROOT), "CMS_THINK_TIME": "0-0.1"}
    )
    with Process([sys.executable, str(tmp_path / "debug_patient.py")], env) as process:
        process.wait_for_line(r"POST\s+/api/auth/login")
        process.wait_for_line(r"GET\s+/api/appointments/")
    locust = start_locust(*run["args"][:-1], "10s", "--host", sandbox.url, "--think-time", "0.1-0.2")
    assert locust.wait() == 0, locust.output
