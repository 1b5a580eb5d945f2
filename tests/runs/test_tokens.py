"""The JWT over a whole run: renewed in time, taken anew when refused, never shown."""

import re


def test_short_lived_tokens_are_renewed_before_the_api_refuses_one(run):
    result = run("--sandbox-args=--token-ttl 5", users=10, seconds=20, think="0.5-1.5")
    assert result.code == 0, result.output
    assert result.requests("POST /api/auth/login") > 30
    assert result.requests("AUTH token refused, signed in again") == 0


def test_a_refused_token_leads_to_one_sign_in_and_one_repeat(run):
    fault = "--fault 'refuse-token=1,share=0.3,route=GET /api/appointments/citas'"
    result = run(f"--sandbox-args={fault}", "PatientUser", users=5, seconds=6)
    refused = result.requests("AUTH token refused, signed in again")
    assert refused > 0
    assert result.failures("AUTH token refused, signed in again") == 0
    assert result.requests("POST /api/auth/login") == 5 + refused


def test_a_token_that_is_refused_twice_is_a_failure(run):
    route = "GET /api/appointments/citas"
    result = run(f"--sandbox-args=--fault 'refuse-token=1,route={route}'", "PatientUser", users=3, seconds=4)
    assert result.code == 1
    assert "expected status 200, got 403 (Invalid or expired token)" in result.output
    assert result.failures(route) == result.requests(route)
    refused = result.requests("AUTH token refused, signed in again")
    stopped_between_the_two = 3
    assert 0 < result.requests(route) <= refused <= result.requests(route) + stopped_between_the_two


def test_a_failed_sign_in_is_tried_again_and_every_try_is_a_row(run):
    fault = "--fault 'status=503,route=POST /api/auth/login,for=3'"
    result = run(f"--sandbox-args={fault}", "--no-preflight", users=5, seconds=10)
    assert result.failures("POST /api/auth/login") >= 5
    assert result.requests("POST /api/auth/login") >= result.failures("POST /api/auth/login") + 5
    assert result.requests("GET /api/appointments/citas") > 0
    assert "Traceback" not in result.output


def test_nothing_that_is_printed_or_written_holds_a_password_or_a_token(run, tmp_path):
    result = run("--loglevel", "DEBUG", "--html", str(tmp_path / "stats" / "report.html"), users=5, seconds=3)
    assert result.code == 0, result.output
    left = [result.output, *(path.read_text("utf-8") for path in (tmp_path / "stats").iterdir())]
    assert len(left) > 3
    assert [text for text in left if "password123" in text or re.search(r"eyJ\w+\.eyJ", text)] == []
