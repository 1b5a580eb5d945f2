"""What a person at the keyboard gets wrong: all of it is told at once, with the likeliest name."""

import pytest

from config import parser
from config.budget_file import Names, Slo
from config.errors import MachineError, SetupError, SetupErrors, check_all, refuse
from config.scenario_names import checked_scenario, scenario_names
from config.suggestions import nearest, suggestion


@pytest.mark.parametrize(
    ("slip", "meant"),
    [("p59", "p95"), ("failure_rate", "failure_ratio"), ("min_request", "min_requests"), ("x", None)],
)
def test_a_slip_leads_to_the_name_that_was_meant(slip, meant):
    known = ("p50", "p95", "p99", "failure_ratio", "min_rate", "min_requests")
    assert nearest(slip, known) == meant


def test_without_a_likely_name_all_are_listed():
    assert suggestion("zzz", {"light", "heavy"}) == "known are heavy, light"
    assert suggestion("zzz", ()) == "known are none"


def test_a_scenario_must_be_one_that_is_described():
    assert [checked_scenario(name) for name in scenario_names()] == scenario_names()
    assert len(scenario_names()) >= 9
    assert checked_scenario(None) is None
    with pytest.raises(SetupError, match="there is no scenario 'hevy': did you mean 'heavy'"):
        checked_scenario("hevy")
    with pytest.raises(SetupError, match="cannot name a folder"):
        checked_scenario("../light")


def test_a_file_of_ones_own_describes_a_scenario_too():
    assert checked_scenario("nightly", ["ci/nightly.conf"]) == "nightly"
    with pytest.raises(SetupError, match="did you mean 'nightly'"):
        checked_scenario("nightli", ["ci/nightly.conf"])


def test_every_mistake_of_a_budget_file_is_told_with_its_line(tmp_path):
    path = tmp_path / "slo.toml"
    path.write_text('[everything]\np59 = 3\nfailure_ratio = 5\n[rols.admin]\np95 = 1\n[roles.nurse]\np95 = "x"\n')
    with pytest.raises(SetupErrors) as caught:
        Slo(path, Names(roles=["admin"], endpoints=[], journeys=[], scenarios=[]))
    told = [str(error).partition("slo.toml ")[2] for error in caught.value.errors]
    assert [text.partition(":")[0] for text in told] == ["line 2", "line 3", "line 4", "line 6", "line 7"]
    assert "did you mean 'p95'?" in told[0]


def test_all_checks_are_made_and_nothing_is_raised_when_all_pass():
    made = []

    def wrong(text):
        made.append(text)
        raise SetupError(text, "mend it")

    check_all([lambda: made.append("fine")])
    with pytest.raises(SetupError, match="one: mend it") as single:
        check_all([lambda: wrong("one")])
    assert not isinstance(single.value, SetupErrors)
    with pytest.raises(SetupErrors, match="one: mend it; two: mend it"):
        check_all([lambda: check_all([lambda: wrong("one"), lambda: wrong("two")]), lambda: made.append("last")])
    assert made == ["fine", "one", "one", "two", "last"]


def test_each_mistake_has_a_line_of_its_own(capsys):
    with pytest.raises(SystemExit) as ended:
        refuse(SetupErrors([SetupError("one", "a"), SetupError("two", "b")]))
    assert ended.value.code == 2
    assert capsys.readouterr().err == "error: one: a\nerror: two: b\n"
    with pytest.raises(SystemExit) as ended:
        refuse(MachineError("full", "make room"))
    assert ended.value.code == 3


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        (["--sandbox-args", "--enforce-roles", "-u", "1"], ["--sandbox-args=--enforce-roles", "-u", "1"]),
        (["--sandbox-args", "--latency 20"], ["--sandbox-args=--latency 20"]),
        (["--sandbox-args=--latency 20"], ["--sandbox-args=--latency 20"]),
        (["--sandbox-args", ""], ["--sandbox-args", ""]),
        (["-u", "1", "--sandbox-args"], ["-u", "1", "--sandbox-args"]),
    ],
)
def test_options_can_be_the_value_of_an_option(monkeypatch, given, taken):
    monkeypatch.setattr("sys.argv", ["locust", *given])
    parser.take_options_for_values()
    assert parser.sys.argv[1:] == taken
