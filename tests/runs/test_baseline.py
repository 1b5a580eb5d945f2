"""--baseline: a run is held against one that passed, and its own budgets are not enough."""

import json
import re

import pytest

LOOSE = "[everything]\np95 = 20000\nfailure_ratio = 0.9\n"
SLOW = "--sandbox-args=--latency 60"


@pytest.fixture
def run_with(run, tmp_path):
    """`run_with(*options)`: a run with budgets that every run keeps, long enough to be compared."""
    slo = tmp_path / "slo.toml"
    slo.write_text(LOOSE)

    def go(*args, seconds=12):
        return run("--slo", str(slo), "--read-only", "--seed", "5", *args, seconds=seconds, think="0.05-0.15")

    return go


def folders(tmp_path):
    return sorted((tmp_path / "results").iterdir())


def verdict(folder):
    return json.loads((folder / "verdict.json").read_text())


def test_a_run_is_held_against_the_last_that_passed(run_with, tmp_path):
    first = run_with("--baseline", "last")
    assert first.code == 0, first.output
    assert "Found: no passed run like this one yet" in first.output
    second = run_with("--baseline", "last", SLOW)
    assert second.code == 1, second.output
    before, after = folders(tmp_path)
    assert f"FAIL ad hoc run: worse than {before.name}\n" in second.output
    told = verdict(after)
    assert told["baseline"] == before.name
    assert any(
        re.fullmatch(rf"worse than {before.name}: \S+ p(50|95|99): [\d.]+ before, [\d.]+ now", reason)
        for reason in told["reasons"]
    )
    refused = run_with("--baseline", str(after))
    assert refused.code == 2
    assert "did not pass, its verdict is fail" in refused.output
    unlike = run_with("--baseline", str(before), "PatientUser", seconds=4)
    assert unlike.code == 3, unlike.output
    assert "is not alike (mix 1 admin, 3 doctor, 6 patient and 10 patient" in unlike.output


def test_a_baseline_that_is_not_there_is_refused(start_locust, tmp_path):
    locust = start_locust("--headless", "-t", "5s", "--baseline", str(tmp_path / "nope"))
    assert locust.wait() == 2
    assert re.search(r"^error: .*nope/verdict.json: No such file or directory", locust.output, re.MULTILINE)
    assert "Ramping" not in locust.output
