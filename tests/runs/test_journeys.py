"""Journeys in the statistics: a row of their own, in no total, also when workers sent them."""

import pytest

from tests.processes import ROOT, own_workers

WALKS = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from locustfile import *
from users.run_context import run_context


def walk(user):
    run_context(user.environment).journey.fire(name="take a walk", role="patient", duration=1234.4, failure=None)
    lost = ValueError("no way home")
    run_context(user.environment).journey.fire(name="get lost", role="patient", duration=10.0, failure=lost)


PatientUser.tasks = [walk]
"""


@pytest.mark.parametrize("distributed", [False, True], ids=["one process", "two workers"])
def test_a_journey_is_a_row_outside_of_the_totals(run, tmp_path, distributed):
    walks = tmp_path / "walks.py"
    walks.write_text(WALKS)
    result = run("-f", str(walks), "PatientUser", *(own_workers() if distributed else ()), users=2, seconds=4)
    assert result.requests("JOURNEY take a walk") > 4
    assert result.requests("JOURNEY get lost") == result.failures("JOURNEY get lost") > 4
    assert "no way home" in result.output
    requests = sum(result.requests(row) for row in result.rows if not row.startswith(("JOURNEY", " ")))
    assert result.requests(" Aggregated") == requests
    assert result.failures(" Aggregated") == 0
