"""Mistakes of the person at the keyboard: one clear line with the fix, exit code 2, before any load."""

import socket
import sqlite3
from pathlib import Path

import pytest

from tests.processes import free_port
from tests.roles import NAMES


def refused(start_locust, *args, env=None):
    locust = start_locust("--headless", "-u", "1", "-t", "5s", *args, env=env)
    code = locust.wait()
    assert code == 2, locust.output
    assert "Traceback" not in locust.output
    assert "Ramping" not in locust.output
    errors = [line for line in locust.output.splitlines() if line.startswith("error: ")]
    assert len(errors) == 1, locust.output
    return errors[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("username,password,role\nana,x\n", "line 2 has 2 columns"),
        ("username,password,role\nana,x,nurse\n", "unknown role 'nurse'"),
    ],
)
def test_a_wrong_accounts_row_is_named(start_locust, tmp_path, text, words):
    path = tmp_path / "accounts.csv"
    path.write_text(text)
    assert words in refused(start_locust, "--accounts", str(path))


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--accounts", "nope.csv"], "nope.csv: No such file or directory"),
        (["--host", "localhost:5000"], "write it like http://localhost:5000"),
        (["--host", "ftp://localhost"], "write it like http://localhost:5000"),
        (["--host", "http://localhost:99999"], "write it like http://localhost:5000"),
        (["--think-time", "fast"], "write MIN-MAX in seconds"),
        (["--role-names", "boss=Boss"], "write " + ",".join(f"{role}=NAME" for role in NAMES)),
        (["--tags", "nope"], "no task fits --tags"),
        (["--admin-password", "geheim"], "set CMS_ADMIN_PASSWORD in .env instead"),
        (["--admin-password=geheim"], "set CMS_ADMIN_PASSWORD in .env instead"),
        (["--doctor-pass", "geheim"], "set CMS_DOCTOR_PASSWORD in .env instead"),
        (["--sandbox-args=--fault nonsense"], "the embedded sandbox did not start"),
        (["--sandbox-args", '"'], "has a quotation mark without its other half"),
        (["--users", "0"], "--users 0 is nobody: take 1 or more"),
        (["--users", "-5"], "--users -5 is nobody"),
        (["--run-time", "0"], "--run-time 0 is no time"),
        (["--scenario", "a/b"], "--scenario 'a/b' cannot name a folder"),
        (["--slo", "nope.toml"], "nope.toml: No such file or directory"),
        (["--baseline", "nope"], "nope/verdict.json: No such file or directory"),
    ],
)
def test_a_wrong_option_is_named_with_its_fix(start_locust, args, words):
    assert words in refused(start_locust, *args)


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--lag-limit", "-1"], "argument --lag-limit: -1 cannot be used: take 1 or more"),
        (["--read-timeout", "0"], "argument --read-timeout: 0 cannot be used: take 0.001 or more"),
        (["--request-timeout", "nan"], "argument --request-timeout: nan cannot be used"),
        (["--max-answer", "many"], "argument --max-answer: 'many' is not a whole number"),
        (["--abort-grace", "-3"], "argument --abort-grace: -3 cannot be used: take 0 or more"),
        (["--step-users", "0"], "argument --step-users: 0 cannot be used: take 1 or more"),
        (["--arrival-rate", "0"], "argument --arrival-rate: 0 cannot be used"),
    ],
)
def test_a_number_that_is_none_or_too_small_is_named(start_locust, args, words):
    locust = start_locust("--headless", "-t", "5s", *args)
    assert locust.wait() == 2
    assert locust.output.splitlines() == [f"locust: error: {words}"] or words in locust.output.splitlines()[0]


@pytest.mark.parametrize("mistake", [["--host", "localhost"], ["--slo", "nope.toml"], ["--baseline", "nope"]])
def test_a_refused_run_leaves_no_folder_and_has_sent_nothing(start_locust, tap, tmp_path, mistake):
    refused(start_locust, "--scenario", "light", "--host", tap.url, *mistake)
    assert tap.requests == []
    assert list((tmp_path / "results").glob("*")) == []


def test_a_slip_in_the_name_of_a_setting_is_named(start_locust, tmp_path):
    (tmp_path / "settings").write_text("CMS_THINKTIME=2-4\n")
    locust = start_locust("--headless", "-t", "5s", dotenv=tmp_path / "settings")
    assert locust.wait() == 2
    told = "settings: CMS_THINKTIME is no setting of the suite: did you mean CMS_THINK_TIME?"
    assert locust.output.strip().endswith(told)


@pytest.mark.parametrize("port", ["taken", "99999999"])
def test_a_port_that_the_web_ui_cannot_have_is_named(start_locust, tmp_path, port):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = str(taken.getsockname()[1]) if port == "taken" else port
        locust = start_locust("--web-host", "127.0.0.1", "--web-port", number)
        assert locust.wait() == 2, locust.output
    assert f"error: the web UI cannot listen on port {number} of 127.0.0.1: " in locust.output
    assert "Traceback" not in locust.output
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize("scenario", [[], ["--scenario", "light"]])
def test_a_results_folder_that_cannot_be_one_is_named(start_locust, tmp_path, scenario):
    (tmp_path / "taken").write_text("a file")
    error = refused(start_locust, "--results", str(tmp_path / "taken" / "runs"), *scenario)
    assert error.endswith("taken is not a folder: name a folder, or one that can be made")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that not even root can write to")
def test_a_results_folder_of_somebody_else_is_named(start_locust):
    assert "name a folder that is yours" in refused(start_locust, "--results", "/proc/self")


def test_an_unreachable_host_is_named(start_locust):
    url = f"http://127.0.0.1:{free_port()}"
    assert f"{url} is not a CMS" in refused(start_locust, "--host", url)


@pytest.mark.parametrize("role", NAMES)
def test_wrong_credentials_for_one_role_name_the_role_and_not_the_password(start_locust, sandbox, role):
    env = {f"CMS_{role.upper()}_USERNAME": "admin", f"CMS_{role.upper()}_PASSWORD": "wrong-geheim"}
    error = refused(start_locust, "--host", sandbox.url, env=env)
    assert f"the {role} account 'admin' cannot be used" in error
    assert "401 (Invalid credentials)" in error
    assert "geheim" not in error


def test_an_account_of_another_role_names_both(start_locust, sandbox):
    env = {"CMS_DOCTOR_USERNAME": "patient0001", "CMS_DOCTOR_PASSWORD": "password123"}
    error = refused(start_locust, "--host", sandbox.url, env=env)
    assert "expected a token for Médico, got one for Paciente" in error


def test_an_account_without_a_record_is_a_clear_failure(start_locust, sandbox):
    with sqlite3.connect(sandbox.database) as database:
        (row,) = database.execute("SELECT id FROM usuario WHERE username = 'patient0001'").fetchall()
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute("UPDATE paciente SET usuario_id = 1 WHERE usuario_id = ?", row)
    database.close()
    assert "expected a patient record of the account's own, got none" in refused(
        start_locust, "--host", sandbox.url, "PatientUser"
    )


def test_an_unknown_option_keeps_locusts_own_message(start_locust):
    locust = start_locust("--headless", "--run-tme", "5s")
    assert locust.wait() == 2
    assert "unrecognized arguments: --run-tme" in locust.output


def test_settings_come_from_dotenv_and_the_command_line_wins(start_locust, tmp_path):
    dotenv = tmp_path / "settings.env"
    dotenv.write_text("LOCUST_HOST=http://127.0.0.1:1\nCMS_THINK_TIME=fast\n")
    locust = start_locust("--headless", "-t", "1s", dotenv=dotenv)
    assert locust.wait() == 2
    locust = start_locust("--headless", "-t", "1s", "--think-time", "1-2", dotenv=dotenv)
    assert locust.wait() == 2
    assert "http://127.0.0.1:1 is not a CMS" in locust.output
