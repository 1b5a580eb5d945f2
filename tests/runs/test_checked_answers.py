"""A wrong answer with a right status is a failure, whoever gives it."""

import pytest


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("status=503", "expected status 200, got 503 (Injected fault)"),
        ("shape=1", "expected the agreed shape, got"),
        ("owner=1", "asked for, got something else"),
        ("drop=1", "the server closed the connection without an answer"),
    ],
)
def test_the_fault_is_found_and_named(start_sandbox, run, fault, message):
    route = "GET /api/appointments/citas"
    cms = start_sandbox("--fault", f"{fault},route={route}")
    result = run("PatientUser", host=cms.url, users=5, seconds=4)
    assert result.code == 1
    assert result.failures(route) == result.requests(route) > 0
    assert message in result.output
    assert result.failures() == result.failures(route)


def test_a_slow_answer_is_given_up(run):
    fault = "--fault 'delay=5000,route=GET /api/appointments/citas'"
    result = run(f"--sandbox-args={fault}", "--read-timeout", "0.3", "PatientUser", users=3, seconds=4)
    assert "no whole answer within 0.3 s" in result.output
