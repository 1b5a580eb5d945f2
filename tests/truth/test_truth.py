"""What the suite reports is what happened: held against a server that keeps the truth of every request."""

import sys

import pytest

from benchmarks.truth import find_truth

USERS = 500
SECONDS = 10


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux notes when bytes arrive")
def test_reported_percentiles_are_those_of_the_server(tmp_path):
    findings = find_truth(tmp_path, USERS, SECONDS)
    assert findings.requests > USERS
    assert [one for one in findings.compared if not one.is_true] == []
