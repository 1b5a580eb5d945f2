"""Before the load: what passed is shown, what did not stops the run with its fix."""

import re

import pytest


def test_what_passed_is_a_table(run):
    result = run(users=1, seconds=1)
    lines = [line.split("ok")[0].strip() for line in result.output.splitlines() if re.search(r"\S +ok  ", line)]
    assert lines == [
        "host answers",
        "database is healthy",
        "admin signs in",
        "doctor signs in",
        "patient signs in",
        "clocks agree",
        "survey",
        "writes are allowed",
    ]


@pytest.mark.parametrize(
    ("route", "words"),
    [
        ("GET /health", "is not a CMS that answers GET /health"),
        ("GET /health/database", "is not healthy"),
        ("GET /api/patients", "the patient account 'patient0001' cannot be used"),
        ("POST /api/notifications/access-codes", "cannot write: expected status 201, got 503 (Injected fault)"),
    ],
)
def test_what_did_not_pass_stops_the_run(run, route, words):
    result = run(f"--sandbox-args=--fault 'status=503,route={route}'", users=1, seconds=5)
    assert result.code == 2, result.output
    (error,) = [line for line in result.output.splitlines() if line.startswith("error: ")]
    assert words in error
    assert "Ramping" not in result.output


def test_a_read_only_run_does_not_try_to_write(run):
    fault = "status=503,route=POST /api/notifications/access-codes"
    result = run(f"--sandbox-args=--fault '{fault}'", "--read-only", users=3, seconds=2)
    assert result.code == 0, result.output
    assert "writes are allowed" not in result.output


def test_no_preflight_goes_straight_to_the_load(run):
    result = run("--no-preflight", users=3, seconds=2)
    assert result.code == 0, result.output
    assert "host answers" not in result.output


@pytest.mark.parametrize("host", ["http://8.8.8.8", "http://[2001:4860:4860::8888]:5000", "https://1.1.1.1/api"])
def test_a_host_of_somebody_else_is_refused_before_anything_is_sent(run, host):
    result = run(host=host, users=1, seconds=5)
    assert result.code == 2
    (error,) = [line for line in result.output.splitlines() if line.startswith("error: ")]
    assert "is neither this machine nor in a private network: add --allow-host" in error
