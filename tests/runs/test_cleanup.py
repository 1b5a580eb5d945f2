"""Nothing is left behind: the same rows in every table but the audit log, however a run ends."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from records.marks import Mark
from tests.faulty_proxy import answering
from tests.processes import PATIENCE, ROOT, SPAWNED, clean_environment, own_workers


def sweep(*args):
    words = [sys.executable, "-m", "commands", "sweep", *args]
    return subprocess.run(
        words,
        cwd=ROOT,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )


def test_a_run_of_200_users_leaves_every_table_as_it_was(sandbox, run):
    before = sandbox.rows()
    result = run(host=sandbox.url, users=200, seconds=10, think="0.2-0.6")
    assert result.code == 0, result.output
    assert result.requests("POST /api/appointments/citas") > 20
    assert result.requests("POST /api/users") + result.requests("POST /api/appointments/consultas") > 2
    assert sandbox.rows() == before


def test_two_workers_leave_every_table_as_it_was(sandbox, run):
    before = sandbox.rows()
    result = run(*own_workers(), host=sandbox.url, users=30, seconds=6)
    assert result.code == 0, result.output
    assert result.requests("POST /api/appointments/citas") > 5
    assert sandbox.rows() == before


def test_ctrl_c_in_the_middle_leaves_every_table_as_it_was(sandbox, start_locust):
    before = sandbox.rows()
    locust = start_locust("--headless", "-u", "50", "-r", "50", "--host", sandbox.url, "--think-time", "0.05-0.1")
    locust.wait_for_line(SPAWNED)
    wait_for_more_rows(sandbox, before)
    locust.stop(signal.SIGINT)
    assert "Clean-up of lt-" in locust.output
    assert sandbox.rows() == before


def test_a_sweep_after_kill_9_removes_what_the_run_made_and_nothing_else(sandbox, start_locust):
    strangers(sandbox.database)
    before = sandbox.rows()
    locust = start_locust(
        *("--headless", "-u", "50", "-r", "50", "--host", sandbox.url),
        *("--think-time", "0.05-0.1", "--run-tag", "killed"),
    )
    locust.wait_for_line(SPAWNED)
    wait_for_more_rows(sandbox, before)
    locust.stop(signal.SIGKILL)
    time.sleep(0.5)
    another = sweep("--host", sandbox.url, "--run-tag", "another")
    assert (another.returncode, "nothing to remove" in another.stdout) == (0, True), another
    assert sandbox.rows() != before
    shown = sweep("--host", sandbox.url)
    assert shown.returncode == 2, shown
    assert re.search(r"These \d+ records carry the mark of a run: \d", shown.stdout), shown
    assert "nothing was removed, since nobody is there to be asked: add --yes, or --run-tag TAG" in shown.stderr
    done = sweep("--host", sandbox.url, "--yes")
    assert done.returncode == 0, done
    assert int(re.search(r"removed (\d+) records", done.stdout).group(1)) > 5
    assert sandbox.rows() == before


def test_what_the_cms_refuses_to_remove_is_named_with_its_id(start_sandbox, run):
    cms = start_sandbox("--fault", "status=409,route=DELETE /api/appointments/citas/{id}")
    result = run("--run-tag", "stuck", "PatientUser", host=cms.url, users=10, seconds=5)
    assert result.code == 1
    refused = r"Not removed: appointment (\d+) \(expected status 200, got 409 \(Injected fault\)\)"
    kept = re.findall(refused, result.output)
    assert kept
    assert "scenarios/sweep.sh --run-tag stuck" in result.output
    assert f"records were left behind: {len(kept)} appointment" in result.verdict["reasons"]
    done = sweep("--host", cms.url, "--run-tag", "stuck")
    assert done.returncode == 1
    assert sorted(re.findall(r"Not removed: appointment (\d+)", done.stdout)) == sorted(kept)


NOTHING_ELSE_FAILS = "[everything]\nfailure_ratio = 1\n"


def test_a_clean_up_that_cannot_be_finished_fails_the_run(start_sandbox, run, tmp_path):
    """The users' records cannot be removed by themselves, and the administrator cannot sign in to do it."""
    cms = start_sandbox(
        *("--fault", "status=409,route=DELETE /api/appointments/citas/{id}"),
        *("--fault", "status=503,route=POST /api/auth/login,after=8"),
    )
    (tmp_path / "slo.toml").write_text(NOTHING_ELSE_FAILS)
    options = ("--slo", str(tmp_path / "slo.toml"), "--no-preflight", "--cleanup-time", "1")
    result = run("PatientUser", *options, host=cms.url, seconds=10)
    assert (result.code, result.verdict["verdict"]) == (1, "fail"), result.output
    (reason,) = result.verdict["reasons"]
    assert reason.startswith("the clean-up was not finished: expected status 200, got 503")
    assert f"- {reason}" in result.output


def test_trouble_that_passes_does_not_end_the_clean_up(sandbox, proxy, start_locust, tmp_path):
    """No user can remove what it has made; the clean-up cannot either, until the API is itself again."""
    before = sandbox.rows()
    (tmp_path / "slo.toml").write_text(NOTHING_ELSE_FAILS)
    proxy.misbehave(answering(503, b'{"error":"busy"}'), "^DELETE ")
    options = ("--slo", str(tmp_path / "slo.toml"), "--no-preflight", "--think-time", "0.1-0.3")
    locust = start_locust("--headless", "-u", "10", "-r", "10", "-t", "8s", *options, "--host", proxy.url)
    locust.wait_for_line("Cleaning up")
    refused = len(proxy.seen)
    while len(proxy.seen) < refused + 2:
        time.sleep(0.05)
    proxy.heal()
    locust.wait()
    reasons = re.findall("^- (.+)", locust.output, re.MULTILINE)
    assert [reason for reason in reasons if not re.match(r"DELETE \S+ is broken: ", reason)] == [], locust.output
    assert re.search(r"Clean-up of lt-\w+-\w+: removed \d+ records", locust.output)
    assert sandbox.rows() == before


def test_a_catalog_entry_that_somebody_uses_stays_and_is_named(sandbox):
    entry = f"Psicología {Mark('used').text}"
    with closing(sqlite3.connect(sandbox.database)) as connection:
        connection.execute("INSERT INTO especialidad (id, nombre) VALUES (90001, ?)", (entry,))
        connection.execute("INSERT INTO especialidad (id, nombre) VALUES (90002, ?)", (entry,))
        connection.execute("UPDATE medico SET id_especialidad = 90001 WHERE id = 3")
        connection.commit()
    done = sweep("--host", sandbox.url, "--run-tag", "used")
    assert done.returncode == 1
    assert "removed 1 records (1 catalog entry)" in done.stdout
    assert "Not removed: catalog entry 90001 (somebody uses it)" in done.stdout
    with closing(sqlite3.connect(sandbox.database)) as connection:
        assert connection.execute("SELECT id_especialidad FROM medico WHERE id = 3").fetchone() == (90001,)


def test_what_a_killed_worker_leaves_is_swept_by_the_run_itself(sandbox, start_locust):
    before = sandbox.rows()
    locust = start_locust(
        *("--headless", "-u", "40", "-r", "40", "-t", "12s", "--host", sandbox.url, "--think-time", "0.1-0.2"),
        *own_workers(),
    )
    locust.wait_for_line(SPAWNED)
    wait_for_more_rows(sandbox, before)
    children = Path(f"/proc/{locust.pid}/task/{locust.pid}/children").read_text().split()
    assert len(children) == 2
    os.kill(int(children[0]), signal.SIGKILL)
    locust.wait()
    assert re.search(r"Clean-up of \S+: removed \d+ records", locust.output), locust.output
    assert sandbox.rows() == before


def test_a_sweep_without_the_runs_accounts_says_what_it_could_not_look_for(sandbox, tmp_path):
    (tmp_path / "accounts.csv").write_text("username,password,role\nzoe,x,doctor\nmax,x,patient\n")
    done = sweep("--host", sandbox.url, "--run-tag", "any", "--accounts", str(tmp_path / "accounts.csv"))
    assert done.returncode == 1, done
    assert (
        "Not looked to the end for: appointment (none of the accounts is known there: give --accounts)" in done.stdout
    )


def test_a_sweep_finds_more_episodes_than_a_page_shows(sandbox):
    before = sandbox.rows()
    with closing(sqlite3.connect(sandbox.database)) as connection:
        started = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        rows = [(90_000 + number, started, f"Fiebre {Mark('many').text}") for number in range(600)]
        connection.executemany("INSERT INTO episodio (id, id_paciente, fecha_inicio, motivo) VALUES (?, 1, ?, ?)", rows)
        connection.commit()
    done = sweep("--host", sandbox.url, "--run-tag", "many")
    assert (done.returncode, "removed 600 records (600 episode)" in done.stdout) == (0, True), done
    assert sandbox.rows() == before


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ([], "no host given: name the CMS with --host"),
        (["--host", "localhost"], "write it like http://localhost:5000"),
        (["--host", "http://8.8.8.8"], "neither this machine nor in a private network"),
        (["--host", "http://127.0.0.1:1"], "the admin account 'admin' cannot be used: could not connect"),
        (["--host", "http://127.0.0.1:1", "--run-tag", "Not-A-Tag"], "cannot be used: take 1 to 12"),
    ],
)
def test_a_sweep_that_cannot_begin_says_why_in_one_line(args, words):
    done = sweep(*args)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


def wait_for_more_rows(sandbox, before):
    deadline = time.monotonic() + PATIENCE
    while sum(sandbox.rows().values()) < sum(before.values()) + 10:
        assert time.monotonic() < deadline, "the run has written nothing"
        time.sleep(0.1)


def strangers(database):
    """Rows of other people that look a little like the suite's: they must stay."""
    second, microsecond = Mark("killed").instant
    odd = f"2026-12-01T10:00:{second:02d}.{microsecond // 1000:03d}Z"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(
            "INSERT INTO cita (id, paciente_id, medico_id, fecha_inicio, fecha_fin)"
            " VALUES (90001, 1, 1, ?, '2026-12-01T10:30:00.000Z')",
            (odd,),
        )
        connection.execute(
            "INSERT INTO episodio (id, id_paciente, fecha_inicio, motivo) VALUES (90001, 1, ?, 'lt-killed-zz')", (odd,)
        )
        connection.execute("INSERT INTO especialidad (id, nombre) VALUES (90001, 'lt-result-ok')")
        for number, start, end in ((90002, "10:00", "10:30"), (90003, "10:30", "11:00")):
            connection.execute(
                "INSERT INTO cita (id, paciente_id, medico_id, fecha_inicio, fecha_fin) VALUES (?, 2, 2, ?, ?)",
                (number, *(f"2026-12-02T{minute}{odd[16:]}" for minute in (start, end))),
            )
        connection.commit()
