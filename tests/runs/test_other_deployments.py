"""Runs against other deployments of the same code: nothing that the suite sends is wrong there, and all is reached."""

import json
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from reporting.verdict.routes import UNUSED
from tests.processes import PATIENCE, ROOT, clean_environment, own_workers

MEXICO = "--time-zone America/Mexico_City"
OTHERS = ("--id-offset 100", "--without addresses", "--sequences-behind", MEXICO)


@pytest.fixture
def verdict_of(start_locust, tmp_path):
    """`verdict_of(scenario, *options)`: the exit code, the verdict and the output of a run that hardly thinks."""

    def run(scenario, *options):
        config = ("--config", f"config/scenarios/{scenario}.conf", "--think-time", "0-0.1", *options)
        locust = start_locust(*config, "--slo", str(lenient_slo(tmp_path)))
        code = locust.wait()
        (file,) = (tmp_path / "results").glob("*/verdict.json")
        return code, json.loads(file.read_text("utf-8")), locust.output

    return run


def lenient_slo(folder):
    path = folder / "slo.toml"
    path.write_text("[everything]\np95 = 20000\nfailure_ratio = 1\n")
    return path


@pytest.mark.parametrize("deployment", OTHERS)
def test_a_smoke_run_reaches_all_that_can_be_reached(verdict_of, deployment):
    code, verdict, output = verdict_of("smoke", f"--sandbox-args={deployment}")
    assert verdict["faults"]["suite"] == 0, output
    states = {route["route"]: (route["state"], route["why"]) for route in verdict["routes"]}
    assert len(states) == 107
    assert [route for route, (_, why) in states.items() if why.endswith(UNUSED)] == []
    others = {route: state for route, (state, _) in states.items() if state != "works"}
    addresses = "/api/patients/{patient_id}/addresses"
    if deployment != "--without addresses":
        assert (code, others) == (0, {}), output
        return
    written = [f"POST {addresses}", f"PUT {addresses}/{{id}}", f"DELETE {addresses}/{{id}}"]
    assert others == {f"GET {addresses}": "broken", **dict.fromkeys(written, "not reached")}
    told = f'GET {addresses} is broken: expected status 200, got 500 (relation "direccion_paciente" does not exist)'
    assert (code, verdict["reasons"]) == (1, [told])
    assert states[written[0]][1] == f"GET {addresses} is broken, so no id_colonia could be learned"


@pytest.mark.parametrize("deployment", OTHERS)
def test_a_load_has_no_failure_of_the_suites_own(verdict_of, deployment):
    load = ("-u", "20", "-r", "20", "-t", "12s")
    _, verdict, output = verdict_of("medium", *load, f"--sandbox-args={deployment} --patients 60")
    assert verdict["requests"] > 200
    assert verdict["faults"]["suite"] == 0, output
    assert verdict["verdict"] != "invalid", output


def test_workers_know_what_the_survey_found(verdict_of):
    load = ("-u", "20", "-r", "20", "-t", "12s", *own_workers())
    code, verdict, output = verdict_of("medium", *load, f"--sandbox-args=--id-offset 100 {MEXICO}")
    assert (code, verdict["faults"]) == (0, {"API": 0, "set-up": 0, "suite": 0}), output
    assert verdict["endpoints"]["POST /api/appointments/citas"]["steady"]["requests"] > 5


def test_a_zone_that_is_not_utc_is_found_and_told(verdict_of):
    code, verdict, output = verdict_of("smoke", f"--sandbox-args={MEXICO}")
    told = "The server does not run in UTC: times come back 6 h later than they were written"
    assert code == 0, output
    assert told in verdict["findings"]
    assert f"Found: {told}" in output


def test_a_fresh_cms_gets_its_people_from_provision(start_sandbox, start_locust, tmp_path):
    cms = start_sandbox("--id-offset", "100")
    leave_only_the_administrator(cms.database)
    locust = start_locust("--headless", "-u", "1", "-t", "5s", "--host", cms.url)
    assert locust.wait() == 2, locust.output
    (error,) = [line for line in locust.output.splitlines() if line.startswith("error: ")]
    assert error.startswith("error: the doctor account 'doctor001' cannot be used")
    assert "make accounts with scenarios/provision.sh" in error
    accounts = str(tmp_path / "accounts.csv")
    words = [sys.executable, "-m", "commands", "provision", "--host", cms.url, "--accounts", accounts]
    made = subprocess.run(
        [*words, "--doctors", "2", "--patients", "4"],
        cwd=ROOT,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert (made.returncode, "6 of 6 accounts are ready" in made.stdout) == (0, True), made
    before = cms.rows()
    smoke = start_locust(
        *("--config", "config/scenarios/smoke.conf", "--think-time", "0-0.02"),
        *("--accounts", accounts, "--host", cms.url),
    )
    smoke.wait()
    (file,) = (tmp_path / "results").glob("smoke*/verdict.json")
    verdict = json.loads(file.read_text("utf-8"))
    assert verdict["faults"]["suite"] == 0, smoke.output
    assert cms.rows() == before


def leave_only_the_administrator(database):
    with closing(sqlite3.connect(database)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
        for (table,) in tables.fetchall():
            if table not in ("rol", "usuario", "colonia", "ciudad", "estado", "pais", "secuencia"):
                connection.execute(f"DELETE FROM {table}")
        connection.execute("DELETE FROM usuario WHERE username <> 'admin'")
        connection.commit()


def test_an_administrator_without_the_right_to_list_users_is_told_in_one_line(start_locust):
    locust = start_locust(
        *("--headless", "-u", "1", "-t", "5s", "AdminUser", "--sandbox-args=--enforce-roles"),
        *("--role-names", "admin=Paciente,doctor=Médico,patient=Paciente"),
        env={"CMS_ADMIN_USERNAME": "patient0001", "CMS_ADMIN_PASSWORD": "password123"},
    )
    assert locust.wait() == 2, locust.output
    (error,) = [line for line in locust.output.splitlines() if line.startswith("error: ")]
    told = "error: the admin account 'patient0001' may not list the users: expected status 200, got 403"
    assert error.startswith(told)


@pytest.fixture
def web_site():
    """The address of a server that answers everything with a page of HTML, as a proxy or a wrong port does."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>It works</title>")

        do_POST = do_GET

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_host_that_answers_html_is_told_in_one_line(start_locust, web_site):
    locust = start_locust("--headless", "-u", "1", "-t", "5s", "--host", web_site)
    assert locust.wait() == 2, locust.output
    (error,) = [line for line in locust.output.splitlines() if line.startswith("error: ")]
    assert "is not a CMS that answers GET /health: expected JSON, got something else" in error


@pytest.mark.parametrize("command", ["sweep", "provision"])
def test_so_it_is_by_the_commands(tmp_path, web_site, command):
    words = [sys.executable, "-m", "commands", command, "--host", web_site]
    done = subprocess.run(
        words,
        cwd=ROOT,
        env=clean_environment({"CMS_ACCOUNTS": str(tmp_path / "accounts.csv")} if command == "provision" else {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert "the admin account 'admin' cannot be used: expected JSON, got something else" in done.stderr
