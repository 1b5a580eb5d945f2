"""Runs in which one thing of the API itself has run out: the first that is said names it, with its route."""

import pytest

from tests.postgres import PASSWORD, postgres

SLO = "[everything]\np95 = 60\nfailure_ratio = 0.5\n"
SLOW_ROUTE = "GET /api/appointments/citas"


@pytest.fixture
def slo(tmp_path):
    file = tmp_path / "slo.toml"
    file.write_text(SLO, "utf-8")
    return "--slo", str(file)


def test_a_thread_that_is_used_up_is_named_with_the_route_that_does_so(run, slo):
    result = run("--sandbox-args=--bottleneck busy-route", *slo, users=40, seconds=40)
    assert result.code == 1, result.output
    watched = result.verdict["watched"]
    used = {name: value for name, value in watched["most"].items() if " of python " in name}
    assert max(used.values()) > 90, used  # of a core; or of the time, where it has to share its core with others
    first = watched["sentences"][0]
    assert " of python " in first, watched
    assert f"most of it was of {SLOW_ROUTE} (99 % sure)" in first


def test_a_pool_of_two_connections_is_named(run, slo, start_sandbox):
    with postgres() as server:
        server.run("CREATE DATABASE clinic")
        sandbox = start_sandbox(
            "--bottleneck", "held-connection", "--pool", "2", database=server.dsn_of("owner", database="clinic")
        )
        monitor = server.dsn_of("monitor", database="clinic")
        env = {"PGPASSWORD": PASSWORD}
        result = run("--watch-postgres", monitor, *slo, host=sandbox.url, users=20, seconds=30, env=env)
        sandbox.close()
    assert result.code == 1, result.output
    first = result.verdict["watched"]["sentences"][0]
    assert first.startswith("All 2 connections of cms-sandbox at 127.0.0.1 to the database were in use in "), first
