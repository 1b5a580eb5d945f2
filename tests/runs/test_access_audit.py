"""The access audit as a scenario: exit codes, known leaks, workers, accounts, reading only, and no secret anywhere."""

import json
import re
from pathlib import Path

import jwt
import pytest

from tests.processes import own_workers

AUDIT = ("--config", "config/scenarios/access-audit.conf")
STRICT = "--enforce-roles"


@pytest.fixture
def audit(run, start_sandbox, tmp_path):
    """`audit(*options, sandbox=(...))`: one audit of a fresh sandbox of its own; its rows are as they were before."""

    def audit_to_the_end(*options, sandbox=(), **more):
        server = start_sandbox(*sandbox)
        before = server.rows()
        results = tmp_path / "results" / str(len(list(tmp_path.glob("results/*"))))
        finished = run(*AUDIT, "--results", str(results), *options, host=server.url, seconds=120, users=6, **more)
        assert server.rows() == before, finished.output
        return finished, json.loads(next(results.glob("*/verdict.json")).read_text("utf-8"))

    return audit_to_the_end


def outcomes(verdict):
    return {finding["cell"]: finding["outcome"] for finding in verdict["access"]["findings"]}


@pytest.mark.parametrize("workers", [False, True], ids=["one process", "two workers"])
def test_an_api_that_keeps_roles_passes(audit, workers):
    finished, verdict = audit(*(own_workers() if workers else ()), sandbox=(STRICT,))
    assert (finished.code, outcomes(verdict)) == (0, {}), finished.output
    assert verdict["access"]["cells"] > 800
    assert "847 of 847 cells are as they should be" in finished.output


def test_leaks_fail_until_they_are_known_and_closed_ones_are_told(audit, tmp_path):
    known = tmp_path / "known.txt"
    finished, verdict = audit("--known-leaks", str(known), "--accept-leaks")
    assert finished.code == 0, finished.output
    assert "patient GET /api/users anybody's" in known.read_text("utf-8")
    finished, verdict = audit("--known-leaks", str(known))
    assert finished.code == 0, finished.output
    assert all(finding["known"] for finding in verdict["access"]["findings"])
    known.write_text(known.read_text("utf-8").replace("patient GET /api/users anybody's\n", ""), "utf-8")
    finished, verdict = audit("--known-leaks", str(known))
    assert finished.code == 1
    assert verdict["reasons"] == [
        "1 leak: patient GET /api/users anybody's (100 rows that must not be seen)",
    ]
    finished, verdict = audit("--known-leaks", str(known), sandbox=(STRICT,))
    assert finished.code == 0, finished.output
    assert len(verdict["access"]["closed"]) > 150


def test_no_file_of_a_run_and_no_line_holds_a_secret(audit, tmp_path):
    finished, _ = audit()
    assert finished.code == 1
    told = finished.output + "".join(path.read_text("utf-8") for path in (tmp_path / "results").rglob("*.*"))
    assert "$PATIENT_TOKEN" in told
    assert "eyJ" not in told
    assert "password123" not in told
    bodies = re.findall(r'password\\?&?#?\w*;?\\?":\\?"([^"\\]*)', told)
    assert set(bodies) == {"..."}


def test_an_audit_that_reads_only_finds_what_reading_can(audit):
    finished, verdict = audit("--read-only", sandbox=(STRICT,))
    assert (finished.code, outcomes(verdict)) == (0, {}), finished.output
    finished, verdict = audit("--read-only")
    assert finished.code == 1
    found = outcomes(verdict)
    assert set(found.values()) == {"leak"}
    assert {"patient GET /api/patients another's", "doctor GET /api/users/{id} anybody's"} <= found.keys()
    assert all(" GET " in cell for cell in found)


def test_the_accounts_of_a_file_are_enough(audit, tmp_path):
    accounts = tmp_path / "accounts.csv"
    people = ["admin,password123,admin", "doctor002,password123,doctor", "patient0003,password123,patient"]
    accounts.write_text("\n".join(["username,password,role", *people]), "utf-8")
    finished, verdict = audit("--accounts", str(accounts), sandbox=(STRICT,))
    assert (finished.code, outcomes(verdict)) == (0, {}), finished.output


def test_a_changed_file_is_what_counts(audit, tmp_path):
    """A clinic whose patients may see all insurers says so in a file of its own."""
    mine = tmp_path / "access.toml"
    rules = Path("config/access.toml").read_text("utf-8")
    line = '"GET /api/insurance/companies" = { admin = "all", doctor = "all", patient = '
    mine.write_text(rules.replace(f'{line}"none"', f'{line}"all"'), "utf-8")
    finished, verdict = audit("--access", str(mine), sandbox=(STRICT,))
    assert finished.code == 1
    assert outcomes(verdict) == {"patient GET /api/insurance/companies anybody's": "wrongly refused"}
    finished, verdict = audit("--access", str(mine), sandbox=(STRICT, "--access-file", str(mine)))
    assert finished.code == 0, finished.output


GOOD_TOKEN = jwt.encode({"id": 1, "role": "x", "iat": 1, "exp": 99_999_999_999}, "k" * 32, "HS256")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--accept-leaks"], "--accept-leaks without --known-leaks: name the file with --known-leaks FILE"),
        (["--known-leaks", "no/such"], "--known-leaks no/such: No such file or directory: add --accept-leaks to have"),
        (["--access", "no/such"], "--access no/such: No such file or directory: name a TOML file like"),
        (["--audit-share", "0.1"], "--access-audit asks everything, --audit-share a little: leave one of them out"),
        (["--expired-token", "x"], "--expired-token is no token of this CMS: give one that a sign-in has answered"),
        (["--expired-token", GOOD_TOKEN], "--expired-token has not expired yet: give an older one"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_one_line(run, options, told):
    finished = run(*AUDIT, *options)
    assert finished.code == 2
    (line,) = [line for line in finished.output.splitlines() if line.startswith("error: ")]
    assert line.startswith(f"error: {told}")
    assert "Traceback" not in finished.output
    assert GOOD_TOKEN not in finished.output


def test_an_audit_that_was_cut_short_says_nothing(run, start_sandbox):
    finished = run(*AUDIT, host=start_sandbox(STRICT, "--latency", "30").url, seconds=4, users=6)
    assert finished.code == 3
    assert "the access audit had not asked everything when the run ended" in finished.output


LYING = "owner=1,share=0.3,route=GET /api/appointments/citas"


@pytest.mark.parametrize("workers", [False, True], ids=["one process", "two workers"])
def test_a_share_of_any_load_finds_answers_with_somebody_elses_rows(run, start_sandbox, tmp_path, workers):
    def audited(*sandbox):
        share = ("--audit-share", "0.4", "--slo", str(lenient), *(own_workers() if workers else ()))
        results = tmp_path / "results" / ("lying" if LYING in sandbox else "honest")
        more = {"host": start_sandbox(*sandbox).url, "seconds": 15, "think": "0-0.05"}
        finished = run(*share, "--results", str(results), **more)
        return finished, json.loads(next(results.glob("*/verdict.json")).read_text("utf-8"))

    lenient = tmp_path / "slo.toml"
    lenient.write_text("[everything]\nfailure_ratio = 0.9\n", "utf-8")
    finished, verdict = audited(STRICT)
    assert (finished.code, outcomes(verdict)) == (0, {}), finished.output
    assert verdict["access"]["requests"] > 50
    finished, verdict = audited(STRICT, "--fault", LYING)
    found = outcomes(verdict)
    assert finished.code == 1, finished.output
    assert found
    assert set(found.values()) == {"leak"}
    assert all("GET /api/appointments/citas" in cell for cell in found)
