"""--until-sure: a real run ends when it is sure, and says so; one that cannot be sure goes on to its end."""

import pytest

from tests.processes import own_workers

CLEAR = "[everything]\np50 = 20000\nfailure_ratio = 0.9\n"


@pytest.mark.parametrize("more", [(), own_workers()], ids=["alone", "two workers"])
def test_a_run_that_is_sure_ends(run, tmp_path, more):
    (tmp_path / "slo.toml").write_text(CLEAR)
    options = ("--until-sure", "99", "--at-least", "8", "--slo", str(tmp_path / "slo.toml"), "--read-only", *more)
    result = run(*options, users=10, seconds=300, think="0.1-0.3")
    assert result.code == 0, result.output
    sureness = result.verdict["sureness"]
    assert (sureness["percent"], sureness["undecided"]) == (99, [])
    assert 8 <= sureness["after"] < 200
    assert result.verdict["seconds"]["steady"] < 250
    assert "Sure at 99 % after" in result.output


def test_a_run_that_cannot_be_sure_goes_on_to_its_end_and_names_what_it_is_not_sure_of(run, tmp_path):
    (tmp_path / "slo.toml").write_text("[everything]\nfailure_ratio = 0.001\nmin_requests = 5\n")
    options = ("--until-sure", "--at-least", "6", "--slo", str(tmp_path / "slo.toml"), "--read-only")
    result = run(*options, users=5, seconds=14, think="0.3-0.5")
    assert result.code == 0, result.output
    assert result.verdict["sureness"]["after"] is None
    assert "Not sure at 95 %, after" in result.output
    assert "of everything failure_ratio" in result.output
