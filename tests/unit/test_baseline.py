"""The last run to be held against: by the time in its folder's name, and only one that passed and is alike."""

from argparse import Namespace

import pytest

from config.errors import SetupError
from reporting.baseline import baseline_for, check_baseline
from reporting.past_runs import folders_of_runs, read_verdict
from reporting.trend import last_runs
from tests.written_runs import written_run

FIRST, SECOND, THIRD, FOURTH = (f"2026010{day}T000000Z" for day in range(1, 5))


def test_folders_are_in_the_order_of_their_time_whatever_their_scenario(tmp_path):
    for name in (f"heavy-{SECOND}", f"light-{FIRST}", f"adhoc-{THIRD}"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "verdict.json").touch()
    (tmp_path / f"light-{FOURTH}").mkdir()
    found = [folder.name for folder in folders_of_runs(tmp_path)]
    assert found == [f"light-{FIRST}", f"heavy-{SECOND}", f"adhoc-{THIRD}"]


def test_last_is_the_last_that_passed_and_is_alike(tmp_path):
    alike = written_run(tmp_path / f"light-{FIRST}")
    written_run(tmp_path / f"light-{SECOND}")
    written_run(tmp_path / f"light-{THIRD}", verdict="fail")
    written_run(tmp_path / f"light-{FOURTH}", host="http://other")
    found = baseline_for(Namespace(baseline="last", require_baseline=False, results=str(tmp_path)), read_verdict(alike))
    assert found.folder.name == f"light-{SECOND}"


def test_a_baseline_that_is_required_and_not_there_is_refused_before_the_load_or_invalid_after_it(tmp_path):
    options = Namespace(baseline="last", require_baseline=True, results=str(tmp_path), scenario="light")
    with pytest.raises(SetupError, match=r"no run of light in .* has passed: make one first"):
        check_baseline(options)
    written_run(tmp_path / f"light-{FIRST}", verdict="fail")
    written_run(tmp_path / f"heavy-{FIRST}", scenario="heavy")
    with pytest.raises(SetupError, match="no run of light"):
        check_baseline(options)
    unlike = written_run(tmp_path / f"light-{SECOND}", host="http://other")
    check_baseline(options)
    (tmp_path / "now").mkdir()
    now = written_run(tmp_path / "now" / f"light-{THIRD}")
    with pytest.raises(SetupError, match="that passed is like this one"):
        baseline_for(options, read_verdict(now))
    assert baseline_for(options, read_verdict(unlike)).folder == unlike


def test_to_require_a_baseline_one_has_to_ask_for_one(tmp_path):
    options = Namespace(baseline=None, require_baseline=True, results=str(tmp_path), scenario="light")
    with pytest.raises(SetupError, match="--require-baseline without --baseline"):
        check_baseline(options)


@pytest.mark.parametrize("scenario", ["light", "heavy"])
def test_a_trend_can_be_of_one_scenario(tmp_path, scenario):
    written_run(tmp_path / f"light-{FIRST}", scenario="light")
    written_run(tmp_path / f"heavy-{SECOND}", scenario="heavy")
    ((name, verdict),) = last_runs(tmp_path, 20, scenario)
    assert name.startswith(scenario)
    assert verdict.scenario == scenario
