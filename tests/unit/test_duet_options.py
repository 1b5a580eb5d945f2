"""Two hosts that cannot be held against each other are told in one line, and so is a duet that is none."""

from locust.env import Environment
from locust.event import Events

import socket
from argparse import Namespace

import pytest

from config.errors import SetupError
from config.parser import take_options_for_values
from load.paired_users import in_pairs
from run.duet_options import check_duet, is_same_host
from users.patient import PatientUser

NEW, OLD = "http://127.0.0.1:5000", "http://127.0.0.1:5001"
SWITCHES = ("each_task_once", "access_audit", "integrity")


def duet(host=NEW, against=OLD, pairs=True, **given):
    environment = Environment(
        events=Events(), user_classes=[in_pairs(PatientUser) if pairs else PatientUser], host=host
    )
    usual = {"headless": True, "autostart": False, "allow_host": "", "audit_share": 0.0, "against_sandbox_args": ""}
    switches = dict.fromkeys(SWITCHES, False)
    environment.parsed_options = Namespace(**{**usual, **switches, "against": against, **given})
    return environment


def told_of(environment):
    with pytest.raises(SetupError) as refused:
        check_duet(environment)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_two_hosts_or_none_are_a_duet():
    environment = duet(against=f"{OLD}/")
    check_duet(environment)
    assert environment.parsed_options.against == OLD
    check_duet(duet(host=None, against=None))
    check_duet(duet(pairs=False, against=None))


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        (duet(host=None), "--against without --host: a duet needs two hosts: name the other one with --host"),
        (duet(against=None), "--host without --against: a duet needs two hosts: name the other one with --against"),
        (duet(against="old"), "the host 'old' is not a base URL"),
        (duet(against="http://me:secret@127.0.0.1"), "--against has a user name or password before an @"),
        (duet(against="http://8.8.8.8"), "8.8.8.8 (8.8.8.8) is neither this machine nor in a private network"),
        (duet(against=NEW), f"--against {NEW} is the same host as --host {NEW}"),
        (duet(against_sandbox_args="--latency 3"), "--against-sandbox-args is for the embedded sandbox, and --against"),
        (duet(pairs=False), "--against is for a duet, and the users of this run have no twins: use scenarios/duet.sh"),
        (duet(pairs=False, against=None, against_sandbox_args="--latency 3"), "--against-sandbox-args is for a duet"),
        (duet(headless=False), "a duet is not started in the web UI"),
        (duet(integrity=True), "--integrity in a duet would load the new host alone"),
        (duet(audit_share=0.01), "--audit-share in a duet would load the new host alone"),
    ],
)
def test_what_cannot_be_meant_is_refused(environment, told):
    assert told_of(environment).startswith(told)


def test_a_host_is_the_same_however_it_is_spelled(monkeypatch):
    known = {"localhost": ["127.0.0.1", "::1"], "new.example": ["10.0.0.7"], "old.example": ["10.0.0.7"]}
    monkeypatch.setattr(socket, "getaddrinfo", lambda name, _: [(0, 0, 0, "", (at,)) for at in known.get(name, [name])])
    same = [
        (NEW, "http://localhost:5000/"),
        (NEW, "HTTP://127.0.0.1:5000"),
        ("http://[::1]:5000", "http://LOCALHOST:5000"),
        ("http://new.example", "http://new.example.:80"),
        ("http://10.0.0.7", "http://old.example"),
    ]
    other = [
        (NEW, OLD),
        (NEW, f"{NEW}/old"),
        ("http://new.example", "http://old.example"),
        ("http://new.example", "http://new.example:81"),
    ]
    assert [is_same_host(*pair) for pair in same] == [True] * len(same)
    assert [is_same_host(*pair) for pair in other] == [False] * len(other)


def test_options_for_both_sandboxes_may_begin_with_dashes(monkeypatch):
    given = ["locust", "--sandbox-args", "--latency 3", "--against-sandbox-args", "--latency 2", "-u", "3"]
    monkeypatch.setattr("sys.argv", given)
    take_options_for_values()
    assert given[1:] == ["--sandbox-args=--latency 3", "--against-sandbox-args=--latency 2", "-u", "3"]
