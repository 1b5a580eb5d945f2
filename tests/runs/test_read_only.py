"""A read-only run sends nothing but GET and sign-ins, as seen on the wire."""

import pytest

from tests.processes import own_workers


@pytest.mark.parametrize("workers", [0, 2])
def test_only_get_and_sign_ins_are_on_the_wire(tap, run, workers):
    processes = own_workers(workers) if workers else ()
    result = run("--read-only", *processes, host=tap.url, users=20, seconds=5, think="0-0.1")
    assert result.code == 0, result.output
    assert len(tap.requests) > 100
    others = {line for line in tap.requests if not line.startswith("GET ")}
    assert others == {"POST /api/auth/login"}
    assert "Traceback" not in result.output  # a task that was to write would have been refused


def test_the_tap_would_see_a_write(tap, run):
    result = run(host=tap.url, users=20, seconds=5, think="0-0.1")
    assert result.code == 0, result.output
    assert "POST /api/appointments/citas" in tap.requests
