"""What the races found, counted, brought together, and told: in a verdict, in every file, on the terminal, in a tab."""

import io
from argparse import Namespace
from datetime import UTC, datetime

import msgspec
import pytest
from rich.console import Console

from api.endpoints import CREATE_USER, SET_PASSWORD
from config.errors import SetupError
from config.policy_file import DEFAULT_POLICIES, read_policies
from integrity.acts import Act, Ask, Racer
from integrity.breaches import LOST, UNIQUE, IntegrityReport
from integrity.clinic_policies import Policies
from integrity.judgement import BROKEN, KEPT, UNDECIDED, Judgement
from integrity.race_outcomes import SHOWN_PER_RACE, RaceOutcomes
from reporting.verdict.integrity_reasons import (
    answer_of_integrity,
    integrity_lines,
    nothing_was_decided,
    reasons_of_integrity,
)
from reporting.verdict.model import Verdict
from reporting.views.tabs import integrity_rows
from reporting.views.terminal import print_summary
from run.integrity_options import check_integrity, command_of, policies_of
from tests.written_runs import written_run

MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
RACER = Racer("anna<b>", 1, lambda: "token", 2)
BODY = {"username": "lt-[bold]x", "password": "secret"}
ACTS = [
    Act(Ask(RACER, SET_PASSWORD, {"id": 7}, BODY), 1.002, 1.004, None, problem="the server | closed"),
    Act(Ask(RACER, CREATE_USER, {}, BODY), 1.0, 1.0051, 201, Namespace(id=7)),
]
BREACH = Judgement(UNIQUE, BROKEN, "2 of 2 equal creations <i>", ["account 7"], ACTS)


def outcomes(*judgements, command="./scenarios/integrity.sh --host http://cms"):
    found = RaceOutcomes(command)
    for judgement in judgements:
        found.add("sign-up", "abc.3", judgement, MOMENT)
    found.races["sign-up"] = len(judgements)
    return found


def test_a_breach_names_records_requests_in_order_and_how_to_try_it_again():
    (breach,) = outcomes(BREACH).report().breaches
    assert (breach.records, breach.at) == (["account 7"], "2026-01-01T00:00:00.000+00:00")
    assert breach.again == "./scenarios/integrity.sh --host http://cms --race sign-up --seed abc.3"
    first, second = breach.requests
    assert (first.ms, first.answer, first.who) == ((0.0, 5.1), "201, id 7", "anna<b> (2)")
    assert first.request == 'POST /api/users {"username":"lt-[bold]x","password":"..."}'
    assert (second.ms, second.answer) == ((2.0, 4.0), "no answer (the server | closed)")


def test_of_the_same_breach_the_first_are_shown_and_all_are_counted():
    report = outcomes(*[BREACH] * 9).report()
    assert len(report.breaches) == SHOWN_PER_RACE
    assert report.rows[0].broken == 9


def test_what_workers_found_comes_together_once():
    of_worker, of_master = outcomes(BREACH, Judgement(LOST, KEPT), command=""), outcomes()
    of_worker.leave_out("this and that")
    of_worker.requests, of_worker.checking_cpu = 5, 0.5
    for _ in range(2):
        of_master.take_over(msgspec.msgpack.decode(msgspec.msgpack.encode(of_worker.hand_over())))
    report = of_master.report()
    assert (report.requests, report.looked, report.checking_cpu) == (5, 2, 0.5)
    assert report.breaches == outcomes(BREACH).report().breaches
    assert (report.not_judged, report.races) == (["this and that"], {"sign-up": 2})


def test_a_breach_is_a_reason_of_its_own():
    report = outcomes(BREACH, BREACH, Judgement(LOST, KEPT)).report()
    assert reasons_of_integrity(report) == ["2 breaches of “unique stays unique”: 2 of 2 equal creations <i>"]
    assert answer_of_integrity(report) == (
        "Not everything held when people met on the same records: unique stays unique (2 breaches)."
    )
    assert nothing_was_decided(report) == reasons_of_integrity(None) == nothing_was_decided(None) == []
    assert answer_of_integrity(None) == ""


def test_who_decides_nothing_says_nothing():
    assert nothing_was_decided(IntegrityReport()) == ["the races have decided nothing"]
    report = outcomes(Judgement(LOST, UNDECIDED, "it was changed by others")).report()
    told = "no acknowledged write is lost: it was changed by others"
    assert nothing_was_decided(report) == [f"the races have decided nothing: {told}"]
    assert f"Integrity: 1 could not be decided: {told}" in integrity_lines(report)


def test_every_file_the_terminal_and_the_tab_tell_the_breaches(tmp_path):
    report = outcomes(BREACH).report()
    folder = written_run(tmp_path, verdict="fail", reasons=reasons_of_integrity(report), integrity=report)
    html, markdown = ((folder / name).read_text("utf-8") for name in ("report.html", "verdict.md"))
    assert "<h1>Not everything held when people met on the same records: unique stays unique (1 breach).</h1>" in html
    assert "2 of 2 equal creations &lt;i&gt;" in html
    assert "<code>./scenarios/integrity.sh --host http://cms --race sign-up --seed abc.3</code>" in html
    assert "| 0.0 to 5.1 | anna&lt;b> (2) |" in markdown
    assert "no answer (the server \\| closed)" in markdown
    assert "secret" not in html + markdown + (folder / "verdict.json").read_text("utf-8")
    assert "1 breach of" in (folder / "junit.xml").read_text("utf-8")
    screen = Console(file=io.StringIO(), width=250)
    print_summary(screen, msgspec.json.decode((folder / "verdict.json").read_bytes(), type=Verdict), folder)
    assert "What did not hold" in screen.file.getvalue()
    assert "2 of 2 equal creations <i>" in screen.file.getvalue()
    assert list(integrity_rows(report)) == [
        {"invariant": UNIQUE, "kept": 0, "broken": 1, "undecided": 0, "latest": "2 of 2 equal creations <i>"}
    ]
    assert list(integrity_rows(None)) == []


def options(**given):
    policies = given.pop("policies", "config/policies.toml")
    return Namespace(**{"race": None, "integrity": True, "read_only": False, "policies": policies} | given)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"race": "code", "integrity": False}, "--race without --integrity: add --integrity"),
        ({"race": "bocking"}, "--race: there is no race 'bocking': did you mean 'booking'?"),
        (
            {"race": "code", "read_only": True},
            "--race code writes, and the run is --read-only: take identity or totals",
        ),
        ({"policies": "no/such"}, "--policies no/such: No such file or directory: name a TOML file"),
    ],
)
def test_what_cannot_be_meant_is_told_in_one_line(given, told):
    with pytest.raises(SetupError) as refused:
        check_integrity(options(**given))
    assert str(refused.value).startswith(told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[policies]\ndouble_bocking = "allowed"', "unknown policy 'double_bocking'"),
        ('[policies]\ndouble_booking = "never"', "double_booking = 'never' says nothing"),
        ("double_booking = 1", "no file of policies"),
        ("[policies", "not TOML"),
    ],
)
def test_a_slip_in_the_policies_is_told(tmp_path, text, told):
    file = tmp_path / "policies.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(SetupError, match=told):
        read_policies(file)


def test_workers_get_the_policies_with_the_options(tmp_path):
    file = tmp_path / "policies.toml"
    file.write_text('[policies]\ndouble_booking = "forbidden"', "utf-8")
    given = options(policies=str(file))
    check_integrity(given)
    assert policies_of(given) == Policies(double_booking=False)
    assert policies_of(Namespace()) == Policies(double_booking=True)
    shipped = options()
    check_integrity(shipped)
    assert policies_of(shipped).double_booking


def test_the_command_names_the_api():
    given = Namespace(sandbox_args="--mutant duplicate", policies=DEFAULT_POLICIES, accounts=None)
    assert command_of(given, "http://cms", False) == "./scenarios/integrity.sh --host http://cms"
    sandbox = command_of(given, "http://127.0.0.1:1", True)
    assert sandbox == "./scenarios/integrity.sh '--sandbox-args=--mutant duplicate'"
    theirs = Namespace(sandbox_args="", policies="our.toml", accounts="our accounts.csv")
    told = "./scenarios/integrity.sh --host http://cms --policies our.toml --accounts 'our accounts.csv'"
    assert command_of(theirs, "http://cms", False) == told
