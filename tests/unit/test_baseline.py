"""The last run to be held against: by the time in its folder's name, and only one that passed and is alike."""

from argparse import Namespace

import pytest

from reporting.baseline import baseline_for
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
    found = baseline_for(Namespace(baseline="last", results=str(tmp_path)), read_verdict(alike))
    assert found.folder.name == f"light-{SECOND}"


@pytest.mark.parametrize("scenario", ["light", "heavy"])
def test_a_trend_can_be_of_one_scenario(tmp_path, scenario):
    written_run(tmp_path / f"light-{FIRST}", scenario="light")
    written_run(tmp_path / f"heavy-{SECOND}", scenario="heavy")
    ((name, verdict),) = last_runs(tmp_path, 20, scenario)
    assert name.startswith(scenario)
    assert verdict.scenario == scenario
