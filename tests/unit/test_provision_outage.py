"""Provisioning through an outage: no password that stood in the file is lost, and no account is given up for done."""

import pytest
from rich.console import Console

from api.failures import NoAnswer, TaskCannotGoOn, UnexpectedAnswer
from commands.accounts_file import AccountsFile
from commands.provision_command import make_all, remove_all
from users.accounts import Account

AWAY = TaskCannotGoOn(NoAnswer("could not connect: Connection refused"))
REFUSED = TaskCannotGoOn(UnexpectedAnswer("expected status 201, got 409 (Duplicate entry)", 409))
COUNTS = {"doctor": 0, "patient": 3}


class Cms:
    """Does its work until it fails, for the accounts that are not among `ready`."""

    def __init__(self, failure, ready=0):
        self.failure, self.ready, self.tried = failure, ready, []

    def ensure(self, account):
        self.tried.append(account.username)
        if len(self.tried) > self.ready:
            raise self.failure

    remove = ensure

    def existing(self):
        return [Account(f"loadtest_patient000{number}", "", "patient") for number in (1, 2, 3)]


@pytest.fixture
def file(tmp_path):
    file = AccountsFile(tmp_path / "accounts.csv")
    file.add([Account("loadtest_patient0001", "only copy", "patient")])
    return file


def usernames(file):
    return [line.partition(",")[0] for line in file.path.read_text().splitlines()[1:]]


def test_a_second_run_through_an_outage_keeps_what_stood_in_the_file(file):
    cms, console = Cms(AWAY), Console(quiet=True)
    assert make_all(console, cms, file, COUNTS) == 1
    assert "only copy" in file.path.read_text()
    assert usernames(file) == ["loadtest_patient0001"]
    assert cms.tried == ["loadtest_patient0001"]


def test_what_was_made_before_the_outage_stays_too(file):
    make_all(Console(quiet=True), Cms(AWAY, ready=2), file, COUNTS)
    assert usernames(file) == ["loadtest_patient0001", "loadtest_patient0002"]


def test_a_refusal_does_not_end_it(file):
    cms = Cms(REFUSED)
    make_all(Console(quiet=True), cms, file, COUNTS)
    assert len(cms.tried) == 3
    assert usernames(file) == ["loadtest_patient0001"]


def test_a_removal_through_an_outage_keeps_the_accounts_that_are_left(file):
    assert remove_all(Console(quiet=True), Cms(AWAY), file) == 1
    assert "only copy" in file.path.read_text()
