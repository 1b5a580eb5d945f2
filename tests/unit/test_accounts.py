"""Accounts: where they come from, how they are dealt, and what a wrong file says."""

from argparse import Namespace

import pytest

from config.errors import SetupError
from tests.roles import NAMES, ROLES
from users.account_sources import accounts_of
from users.accounts import Account, AccountPool, read_accounts

HEADER = "username,password,role\n"


@pytest.fixture
def accounts_file(tmp_path):
    def write(text, encoding="utf-8"):
        path = tmp_path / "accounts.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def test_a_good_file_is_read_whole(accounts_file):
    path = accounts_file(HEADER + 'ana,"se,cret",patient\n\nluis,x,doctor\n', "utf-8-sig")
    assert read_accounts(path) == [Account("ana", "se,cret", "patient"), Account("luis", "x", "doctor")]


def test_a_file_as_excel_writes_it_with_semicolons_is_read(accounts_file):
    path = accounts_file('username;password;role\r\nana;"se;c,ret";patient\r\nluis;x;doctor\r\n', "utf-8-sig")
    assert read_accounts(path) == [Account("ana", "se;c,ret", "patient"), Account("luis", "x", "doctor")]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "the first line is not the header"),
        ("user,pass,role\nana,x,patient\n", "the first line is not the header"),
        (HEADER, "has no account"),
        (HEADER + "ana,geheim\n", "line 2 has 2 columns, not 3"),
        (HEADER + "ana,,patient\n", "line 2 has no password"),
        (HEADER + ",geheim,patient\n", "line 2 has no username"),
        (HEADER + "\nana,geheim,nurse\n", "line 3: unknown role 'nurse': use " + ", ".join(NAMES)),
        (HEADER + "ana,geheim,patient\nana,geheim,doctor\n", "ana stands on lines 2 and 3"),
    ],
)
def test_a_wrong_file_names_the_line_and_never_the_password(accounts_file, text, problem):
    with pytest.raises(SetupError) as error:
        read_accounts(accounts_file(text))
    assert problem in str(error.value)
    assert "geheim" not in str(error.value)


def test_a_missing_file_and_a_binary_file_are_named(tmp_path, accounts_file):
    with pytest.raises(SetupError, match=r"nope\.csv: No such file"):
        read_accounts(tmp_path / "nope.csv")
    with pytest.raises(SetupError, match="not a CSV file in UTF-8"):
        read_accounts(accounts_file(HEADER + "aná,x,patient\n", "latin-1"))


def test_an_account_never_shows_its_password():
    assert "geheim" not in repr(Account("ana", "geheim", "patient"))


def people(**numbers):
    """So many accounts of each role."""
    return [
        Account(f"{role}{number:03d}", "x", role) for role, count in numbers.items() for number in range(1, count + 1)
    ]


def test_each_account_is_dealt_once_while_the_pool_lasts():
    pool = AccountPool(people(doctor=3, patient=5))
    dealt = [pool.take("patient").username for _ in range(5)]
    assert len(set(dealt)) == 5


def test_an_empty_pool_says_so_once_and_deals_evenly(caplog):
    pool = AccountPool(people(doctor=2, patient=1))
    dealt = [pool.take("doctor").username for _ in range(6)]
    assert sorted(dealt) == ["doctor001"] * 3 + ["doctor002"] * 3
    assert [record.message for record in caplog.records] == [
        "All 2 doctor accounts are in use: further doctor users share them (give more with --accounts)"
    ]


def test_an_account_that_was_given_back_is_free_again(caplog):
    pool = AccountPool(people(doctor=1, patient=1))
    pool.give_back(pool.take("doctor"))
    pool.take("doctor")
    assert not caplog.records


def test_an_account_with_two_users_is_not_free_when_one_has_gone():
    pool = AccountPool(people(doctor=1, patient=1))
    first, _ = pool.take("doctor"), pool.take("doctor")
    pool.give_back(first)
    assert not pool.has_free("doctor")


def test_giving_back_what_was_not_dealt_does_nothing():
    pool = AccountPool(people(doctor=1, patient=1))
    pool.give_back(Account("stranger", "x", "doctor"))
    assert pool.take("doctor").username == "doctor001"


def options(accounts=None, **pairs):
    empty = {f"{role}_{part}": None for role in NAMES for part in ("username", "password")}
    return Namespace(accounts=accounts, **{**empty, **pairs})


def test_without_a_word_the_people_of_a_seeded_clinic_play_all_roles():
    accounts = accounts_of(options(), NAMES)
    assert len(accounts) == sum(len(role.seeded_accounts) for role in ROLES) >= 321
    assert Account("admin", "password123", "admin") in accounts


def test_a_pair_for_one_role_replaces_its_seeded_people():
    accounts = accounts_of(options(doctor_username="house", doctor_password="x"), ["doctor", "patient"])
    assert [account.username for account in accounts if account.role == "doctor"] == ["house"]


def test_a_file_is_completed_by_pairs_but_never_by_seeded_people(accounts_file):
    path = accounts_file(HEADER + "ana,x,patient\n")
    with_pair = accounts_of(options(str(path), admin_username="root", admin_password="y"), ["admin", "patient"])
    assert [account.username for account in with_pair] == ["root", "ana"]
    with pytest.raises(SetupError, match="has no doctor"):
        accounts_of(options(str(path)), ["doctor", "patient"])


def test_half_a_pair_names_the_missing_half():
    with pytest.raises(SetupError, match="set CMS_ADMIN_PASSWORD"):
        accounts_of(options(admin_username="root"), ["admin"])
    with pytest.raises(SetupError, match="set CMS_ADMIN_USERNAME"):
        accounts_of(options(admin_password="x"), ["admin"])


def test_a_pool_knows_which_accounts_the_test_has_used():
    pool = AccountPool([Account("ana", "x", "patient"), Account("bob", "x", "patient")])
    assert pool.dealt == set()
    pool.give_back(pool.take("patient"))
    assert pool.dealt == {"ana"}
    pool.reset()
    assert pool.dealt == set()


def test_a_role_without_any_account_is_told_how_to_get_one(monkeypatch):
    (patient,) = (role for role in ROLES if role.role == "patient")
    monkeypatch.setattr(patient, "seeded_accounts", ())
    with pytest.raises(SetupError, match="no account for the role patient: set CMS_PATIENT_USERNAME and CMS_PATIENT_P"):
        accounts_of(options(), ["patient"])


def test_one_account_may_play_two_roles():
    pool = AccountPool([Account("root", "x", "admin"), Account("root", "x", "doctor")])
    first, second = pool.take("admin"), pool.take("doctor")
    assert (first.shared_with, second.shared_with) == (0, 0)
    pool.give_back(second)
    assert pool.has_free("doctor")
    assert not pool.has_free("admin")
