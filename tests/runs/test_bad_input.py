"""Mistakes of the person at the keyboard: one clear line with the fix, exit code 2, before any load."""

import socket
import sqlite3

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


def test_whatever_is_wrong_is_told_at_once_each_with_its_fix(start_locust, tmp_path):
    accounts = tmp_path / "accounts.csv"
    accounts.write_text("username,password,role\nana,x,nurse\n")
    mistakes = {
        ("--accounts", str(accounts)): "unknown role 'nurse'",
        ("--host", "localhost:5000"): "write it like http://localhost:5000",
        ("--think-time", "fast"): "write MIN-MAX in seconds",
        ("--role-names", "boss=Boss"): "write " + ",".join(f"{role}=NAME" for role in NAMES),
        ("--tags", "nope"): "no task fits --tags",
        ("--users", "0"): "--users 0 is nobody: take 1 or more",
        ("--watch-process", "port:1"): "listens on port 1: name the API's process, or its port",
        (
            "--watch-postgres",
            "postgresql://monitor@127.0.0.1:1/cms",
        ): "the database does not answer (",
        ("--slo", "nope.toml"): "nope.toml: No such file or directory",
        ("--baseline", "nope"): "nope/verdict.json: No such file or directory",
    }
    locust = start_locust("--headless", "-t", "5s", *(word for words in mistakes for word in words))
    assert locust.wait() == 2, locust.output
    assert "Traceback" not in locust.output
    errors = [line for line in locust.output.splitlines() if line.startswith("error: ")]
    untold = [words for words, told in mistakes.items() if not any(told in line for line in errors)]
    assert untold == [], errors


def test_a_refused_run_leaves_no_folder_and_has_sent_nothing(start_locust, tap, tmp_path):
    error = refused(start_locust, "--scenario", "light", "--host", tap.url, "--admin-password", "geheim")
    assert "set CMS_ADMIN_PASSWORD in .env instead" in error
    assert "geheim" not in error
    assert tap.requests == []
    assert list((tmp_path / "results").glob("*")) == []


def test_a_database_is_not_named_with_its_password(start_locust):
    for words in (("--watch-postgres", "postgresql://monitor:geheim@localhost/cms"), ("--watch-pos=password=geheim",)):
        error = refused(start_locust, *words)
        assert "leave it out and set PGPASSWORD or ~/.pgpass, or set CMS_WATCH_POSTGRES in .env" in error
        assert "geheim" not in error


def test_a_slip_in_the_name_of_a_setting_is_named(start_locust, tmp_path):
    (tmp_path / "settings").write_text("CMS_THINKTIME=2-4\n")
    locust = start_locust("--headless", "-t", "5s", dotenv=tmp_path / "settings")
    assert locust.wait() == 2
    told = "settings: CMS_THINKTIME is no setting of the suite: did you mean CMS_THINK_TIME?"
    assert locust.output.strip().endswith(told)


def test_a_port_that_the_web_ui_cannot_have_is_named(start_locust, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = str(taken.getsockname()[1])
        locust = start_locust("--web-host", "127.0.0.1", "--web-port", number)
        assert locust.wait() == 2, locust.output
    assert f"error: the web UI cannot listen on port {number} of 127.0.0.1: " in locust.output
    assert "Traceback" not in locust.output
    assert not (tmp_path / "results").exists()


def test_a_results_folder_that_cannot_be_one_is_named(start_locust, tmp_path):
    (tmp_path / "taken").write_text("a file")
    error = refused(start_locust, "--results", str(tmp_path / "taken" / "runs"), "--scenario", "light")
    assert error.endswith("taken is not a folder: name a folder, or one that can be made")


def test_wrong_credentials_for_one_role_name_the_role_and_not_the_password(start_locust, sandbox):
    env = {"CMS_PATIENT_USERNAME": "admin", "CMS_PATIENT_PASSWORD": "wrong-geheim"}
    error = refused(start_locust, "--host", sandbox.url, env=env)
    assert "the patient account 'admin' cannot be used" in error
    assert "401 (Invalid credentials)" in error
    assert "geheim" not in error


def test_an_account_without_a_record_is_a_clear_failure(start_locust, sandbox):
    with sqlite3.connect(sandbox.database) as database:
        (row,) = database.execute("SELECT id FROM usuario WHERE username = 'patient0001'").fetchall()
        database.execute("PRAGMA foreign_keys = OFF")
        database.execute("UPDATE paciente SET usuario_id = 1 WHERE usuario_id = ?", row)
    database.close()
    assert "expected a patient record of the account's own, got none" in refused(
        start_locust, "--host", sandbox.url, "PatientUser"
    )


def test_settings_come_from_dotenv_and_the_command_line_wins(start_locust, tmp_path):
    dotenv = tmp_path / "settings.env"
    dotenv.write_text("LOCUST_HOST=http://127.0.0.1:1\nCMS_THINK_TIME=fast\n")
    locust = start_locust("--headless", "-t", "1s", "--think-time", "1-2", dotenv=dotenv)
    assert locust.wait() == 2
    assert "http://127.0.0.1:1 is not a CMS" in locust.output
    assert "think-time" not in locust.output
