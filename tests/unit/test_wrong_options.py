"""Options that cannot be used: what each check says; tests/runs/test_bad_input.py sees that they are asked."""

import sys
from argparse import ArgumentTypeError, Namespace
from pathlib import Path

import pytest

from config.errors import SetupError
from config.parser import refuse_secrets_on_the_command_line
from config.results import check_results
from config.scenario_names import checked_scenario
from config.values import at_least, role_names, think_time
from run.embedded_sandbox import EmbeddedSandbox
from run.empty_load import refuse_an_empty_load
from run.host import checked_host
from tests.roles import NAMES


@pytest.mark.parametrize(
    ("kind", "least", "text", "told"),
    [
        (float, 1, "-1", "-1 cannot be used: take 1 or more"),
        (float, 0.001, "0", "0 cannot be used: take 0.001 or more"),
        (float, 0.001, "nan", "nan cannot be used: take 0.001 or more"),
        (float, 0.0, "-3", "-3 cannot be used: take 0 or more"),
        (float, 0.0, "inf", "inf cannot be used: take 0 or more"),
        (int, 1, "many", "'many' is not a whole number"),
        (int, 1, "0", "0 cannot be used: take 1 or more"),
    ],
)
def test_a_number_that_is_none_or_too_small_is_named(kind, least, text, told):
    with pytest.raises(ArgumentTypeError) as wrong:
        at_least(kind, least)(text)
    assert str(wrong.value) == told


@pytest.mark.parametrize(
    ("users", "run_time", "told"),
    [
        (0, None, "--users 0 is nobody: take 1 or more"),
        (-5, None, "--users -5 is nobody: take 1 or more"),
        (1, 0, "--run-time 0 is no time"),
    ],
)
def test_a_load_of_nothing_is_refused(users, run_time, told):
    options = Namespace(num_users=users, run_time=run_time, worker=False, headless=True)
    with pytest.raises(SetupError, match=told):
        refuse_an_empty_load(options)


@pytest.mark.parametrize("text", ["fast", "3-1", "-1", "1-inf", "1-2-3"])
def test_what_is_no_pause_is_refused(text):
    with pytest.raises(SetupError, match="write MIN-MAX in seconds"):
        think_time(text)


@pytest.mark.parametrize("text", ["boss=Boss", "admin=", "admin"])
def test_roles_that_are_not_named_are_refused(text):
    with pytest.raises(SetupError, match="write " + ",".join(f"{role}=NAME" for role in NAMES)):
        role_names(text)


def test_a_role_that_is_not_named_keeps_its_names():
    assert role_names("admin=root|boss") == {**role_names(None), "admin": ("root", "boss")}


@pytest.mark.parametrize("host", ["localhost:5000", "ftp://localhost", "http://localhost:99999"])
def test_a_host_that_is_no_base_url_is_refused(host):
    with pytest.raises(SetupError, match="write it like http://localhost:5000"):
        checked_host(host, "")


@pytest.mark.parametrize(
    ("words", "env"),
    [
        (["--admin-password", "geheim"], "CMS_ADMIN_PASSWORD"),
        (["--admin-password=geheim"], "CMS_ADMIN_PASSWORD"),
        (["--doctor-pass", "geheim"], "CMS_DOCTOR_PASSWORD"),
    ],
)
def test_a_password_on_the_command_line_is_refused_and_not_shown(monkeypatch, words, env):
    monkeypatch.setattr(sys, "argv", ["locust", *words])
    with pytest.raises(SetupError, match=rf"set {env} in \.env instead") as refused:
        refuse_secrets_on_the_command_line()
    assert "geheim" not in str(refused.value)


def test_a_scenario_that_cannot_name_a_folder_is_refused():
    with pytest.raises(SetupError, match="'a/b' cannot name a folder"):
        checked_scenario("a/b")


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that not even root can write to")
def test_a_results_folder_of_somebody_else_is_named():
    with pytest.raises(SetupError, match="name a folder that is yours"):
        check_results(Path("/proc/self"))


def test_a_sandbox_that_cannot_start_is_named():
    with pytest.raises(SetupError, match="the embedded sandbox did not start"):
        EmbeddedSandbox.start("--fault nonsense")


def test_sandbox_options_with_half_a_quotation_are_refused():
    with pytest.raises(SetupError, match="has a quotation mark without its other half"):
        EmbeddedSandbox.start('"')
