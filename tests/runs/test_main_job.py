"""The main job: a run on the embedded sandbox, from its first line to what it leaves behind."""

import json
import os
import re
import signal
import time

import pytest

from tests.processes import SPAWNED, own_workers
from tests.roles import CLASSES, NAMES, assert_the_mix
from tests.tap import Tap


def process_is_gone(pid, seconds=10):
    for _ in range(seconds * 20):
        try:
            with open(f"/proc/{pid}/stat") as stat:
                if stat.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return True
        except FileNotFoundError:
            return True
        time.sleep(0.05)
    return False


def sandbox_of(locust):
    """The pid of the sandbox that a run has started: the one process that listens on the port it told."""
    port = int(locust.wait_for_line(r"embedded sandbox at http://127\.0\.0\.1:(\d+)").group(1))
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline") as file:
                words = file.read().split("\0")
            with open(f"/proc/{pid}/stat") as file:
                parent = int(file.read().rsplit(")", 1)[1].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        if "sandbox" in words and parent == locust.pid:
            return int(pid), port
    raise AssertionError(f"no sandbox among the children of {locust.pid}")


def test_a_light_run_plays_all_roles_without_a_failure(start_locust, tmp_path):
    light = ("--config", "config/scenarios/light.conf", "--run-time", "8s", "--spawn-rate", "10")
    locust = start_locust(*light, "--results", str(tmp_path))
    assert locust.wait() == 0, locust.output
    spawned = locust.wait_for_line(r"All users spawned: (.*) \(10 total users\)").group(1)
    assert_the_mix(json.loads(spawned))
    assert "not to your CMS" in locust.output
    assert "This was the embedded sandbox, not your CMS" in locust.output
    for role in NAMES:
        requests, failed = re.search(rf"│ {role} +│ +([\d,]+) │ +([\d,]+) │", locust.output).groups()
        assert int(requests) > 0
        assert failed == "0"
    (folder,) = tmp_path.iterdir()
    assert re.fullmatch(r"light-\d{8}T\d{6}Z", folder.name)
    assert {"light_stats.csv", "light_failures.csv", "light_stats_history.csv", "locust.html"} <= {
        path.name for path in folder.iterdir()
    }


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_sandbox_ends_with_the_run_however_it_ends(start_locust, tmp_path, end):
    locust = start_locust("--headless", "-u", "3", "-r", "3", "--csv", str(tmp_path / "run"))
    sandbox, _ = sandbox_of(locust)
    locust.wait_for_line(SPAWNED)
    locust.stop(end)
    assert "Traceback" not in locust.output
    assert process_is_gone(sandbox)


def test_a_second_ctrl_c_ends_the_run_at_once(start_locust):
    locust = start_locust(
        *("--headless", "-u", "3", "-r", "3", "--stop-timeout", "60", "--think-time", "0-0"),
        "--sandbox-args=--fault 'delay=30000,route=GET /api/appointments/citas,after=2'",
    )
    sandbox, _ = sandbox_of(locust)
    locust.wait_for_line(SPAWNED)
    time.sleep(3)
    os.kill(locust.pid, signal.SIGINT)
    locust.wait_for_line("once more: it ends at once")
    assert locust.stop(signal.SIGINT) == 130
    assert "Traceback" not in locust.output
    assert process_is_gone(sandbox)


def test_the_sandbox_outlives_neither_master_nor_workers(start_locust):
    locust = start_locust("--headless", "-u", "4", "-r", "4", "-t", "4s", *own_workers())
    sandbox, _ = sandbox_of(locust)
    assert locust.wait() == 0, locust.output
    assert process_is_gone(sandbox)


def test_two_processes_share_the_accounts_and_add_up(run, tmp_path):
    accounts = tmp_path / "accounts.csv"
    people = ["admin,password123,admin"]
    people += [f"doctor{number:03d},password123,doctor" for number in range(1, 4)]
    people += [f"patient{number:04d},password123,patient" for number in range(1, 7)]
    accounts.write_text("\n".join(["username,password,role", *people]))
    result = run(*own_workers(), "--accounts", str(accounts), "--read-only", users=10, seconds=6)
    assert result.code == 0, result.output
    assert result.verdict["sign_ins"]["requests"] == 10
    assert "accounts are in use" not in result.output
    told = re.search(r"([\d,]+) requests in all", result.output).group(1)
    assert int(told.replace(",", "")) == result.verdict["requests"] > 100


def test_roles_keep_within_their_rights(run):
    result = run("--sandbox-args=--enforce-roles", users=10, seconds=6, think="0-0.05")
    assert result.code == 0, result.output
    assert result.requests(" Aggregated") > 300


@pytest.mark.parametrize("role", CLASSES)
def test_the_same_seed_repeats_each_users_tasks(start_sandbox, run, role):
    def first_requests(seed):
        tap = Tap(int(start_sandbox().url.rsplit(":", 1)[1]))
        try:
            run("--seed", seed, "--no-preflight", role, host=tap.url, users=1, seconds=3, think="0.02-0.02")
        finally:
            tap.close()
        sign_ins = [number for number, line in enumerate(tap.requests) if line.startswith("POST /api/auth/login")]
        of_the_user = tap.requests[sign_ins[1] :]  # the first one was the survey's
        return [re.sub(r"\?.*", "", line) for line in of_the_user[:40]]

    first = first_requests("7")
    assert len(first) == 40
    assert first_requests("7") == first
    assert first_requests("8") != first


def test_an_unreached_role_is_told_when_accounts_run_out(run, tmp_path):
    accounts = tmp_path / "accounts.csv"
    accounts.write_text("username,password,role\npatient0001,password123,patient\n")
    result = run("--accounts", str(accounts), "PatientUser", users=3, seconds=2)
    assert result.code == 0, result.output
    assert result.output.count("All 1 patient accounts are in use") == 1
