"""Test accounts on a CMS: made, made again, interrupted, taken away, and never anybody else's."""

import csv
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing

import pytest

from tests.processes import PATIENCE, ROOT, LocustProcess, clean_environment


@pytest.fixture
def provision(sandbox, tmp_path):
    def call(*args):
        words = [sys.executable, "-m", "commands", "provision", "--host", sandbox.url]
        words += ["--accounts", str(tmp_path / "accounts.csv"), *args]
        return subprocess.run(
            words,
            cwd=ROOT,
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    return call


def accounts_in(path):
    with path.open(newline="") as file:
        return {row["username"]: row for row in csv.DictReader(file)}


def test_accounts_are_made_used_and_taken_away(sandbox, provision, run, tmp_path):
    before = sandbox.rows()
    made = provision("--doctors", "2", "--patients", "5")
    assert (made.returncode, "7 of 7 accounts are ready" in made.stdout) == (0, True), made
    path = tmp_path / "accounts.csv"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    first = accounts_in(path)
    people = [("doctor", number) for number in (1, 2)] + [("patient", number) for number in range(1, 6)]
    assert sorted(first) == [f"loadtest_{role}{number:04d}" for role, number in people]
    assert len({row["password"] for row in first.values()}) == 7
    assert provision("--doctors", "2", "--patients", "5").returncode == 0
    assert accounts_in(path) == first
    result = run("--accounts", str(path), "DoctorUser", "PatientUser", host=sandbox.url, users=7, seconds=3)
    assert result.code == 0, result.output
    gone = provision("--remove")
    assert (gone.returncode, "7 of 7 accounts are removed" in gone.stdout) == (0, True), gone
    assert not path.exists()
    assert sandbox.rows() == before


def test_accounts_that_were_just_made_reach_every_route(sandbox, provision, start_locust, tmp_path):
    assert provision("--doctors", "3", "--patients", "6").returncode == 0
    before = sandbox.rows()
    people = ("--accounts", str(tmp_path / "accounts.csv"), "--host", sandbox.url)
    smoke = start_locust("--config", "config/scenarios/smoke.conf", "--think-time", "0-0.02", *people)
    assert smoke.wait() == 0, smoke.output
    assert "Routes seen: 107 of 107" in smoke.output
    assert sandbox.rows() == before


def test_an_interrupted_command_can_be_given_again(sandbox, provision, tmp_path):
    path = tmp_path / "accounts.csv"
    words = [sys.executable, "-m", "commands", "provision", "--host", sandbox.url, "--accounts", str(path)]
    with LocustProcess([*words, "--patients", "3000"], clean_environment()) as process:
        while not (path.exists() and users_like(sandbox, "loadtest_%") > 10):
            assert process._popen.poll() is None, process.output
        assert process.stop(signal.SIGINT) == 130
        assert "the same command goes on where it stopped" in process.output
        assert "Traceback" not in process.output
    made = provision("--doctors", "20", "--patients", "30")
    assert made.returncode == 0, made
    assert {f"loadtest_patient{n:04d}" for n in range(1, 31)} <= accounts_in(path).keys()
    assert provision("--remove").returncode == 0
    assert users_like(sandbox, "loadtest_%") == 0


def test_a_lost_password_is_set_anew(provision, tmp_path):
    path = tmp_path / "accounts.csv"
    assert provision("--doctors", "1", "--patients", "0").returncode == 0
    first = accounts_in(path)
    path.unlink()
    assert provision("--doctors", "1", "--patients", "0").returncode == 0
    assert accounts_in(path)["loadtest_doctor0001"] != first["loadtest_doctor0001"]


def test_somebody_elses_account_of_that_name_is_left_alone(sandbox, provision, tmp_path):
    with closing(sqlite3.connect(sandbox.database)) as database:
        database.execute("UPDATE usuario SET username = 'loadtest_patient0002' WHERE username = 'patient0002'")
        database.commit()
    before = sandbox.rows()
    made = provision("--doctors", "0", "--patients", "3")
    assert made.returncode == 1
    assert "Not done: patient loadtest_patient0002: user 23 has the name" in made.stdout
    assert sorted(accounts_in(tmp_path / "accounts.csv")) == ["loadtest_patient0001", "loadtest_patient0003"]
    assert provision("--remove").returncode == 0
    assert sandbox.rows() == before


def test_a_refused_removal_is_named_and_kept_in_the_file(sandbox, provision, tmp_path):
    assert provision("--doctors", "0", "--patients", "2").returncode == 0
    with closing(sqlite3.connect(sandbox.database)) as database:
        (patient,) = database.execute("SELECT id FROM paciente WHERE nombre = 'Load Test Patient0001'").fetchone()
        database.execute("UPDATE consulta SET id_paciente = ? WHERE id = 1", (patient,))
        database.commit()
    gone = provision("--remove")
    assert gone.returncode == 1
    assert "Not done: patient loadtest_patient0001: expected status 200, got 400 (Foreign key" in gone.stdout
    assert list(accounts_in(tmp_path / "accounts.csv")) == ["loadtest_patient0001"]


def test_a_file_that_is_not_an_accounts_file_is_never_overwritten(provision, tmp_path):
    path = tmp_path / "accounts.csv"
    path.write_text("my shopping list\n")
    refused = provision("--doctors", "1", "--patients", "1")
    assert (refused.returncode, path.read_text()) == (2, "my shopping list\n")
    assert "the first line is not the header" in refused.stderr


def users_like(sandbox, pattern):
    with closing(sqlite3.connect(f"file:{sandbox.database}?mode=ro", uri=True)) as database:
        return database.execute("SELECT COUNT(*) FROM usuario WHERE username LIKE ?", (pattern,)).fetchone()[0]
