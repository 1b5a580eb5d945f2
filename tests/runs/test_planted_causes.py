"""Of the planted causes, those that no other run test plants: the first that is said names each.

Sign-ins that hash in the only thread are left to `benchmarks.bottlenecks`: how soon their route is sure depends on how
many of them a machine gets done. The other thing that fills a thread is in test_what_ran_out.py.
"""

import pytest

from benchmarks.bottlenecks import CASES, make_clinic, run_case
from tests.postgres import postgres

SECONDS = 30
HERE = ("a slow disk", "a table scan that grows", "a slow dependency", "a leak", "nothing")


@pytest.fixture(scope="module")
def clinic():
    """A real PostgreSQL with a clinic in it, for the tests of this file."""
    with postgres() as server:
        make_clinic(server)
        yield server


@pytest.mark.parametrize("case", [case for case in CASES if case.name.startswith(HERE)], ids=lambda case: case.name)
def test_what_was_planted_is_said_first(clinic, case, tmp_path):
    told = run_case(clinic, case, tmp_path, SECONDS)
    assert told.is_right, told.first
