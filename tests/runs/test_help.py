"""What `locust --help` shows once the set-up is done, and mistakes that Locust would end otherwise."""

import subprocess

import pytest

from config.options import all_options, groups
from tests.processes import PATIENCE, ROOT, clean_environment
from tests.roles import CLASSES


def shown_by(*command):
    done = subprocess.run(
        command, cwd=ROOT, env=clean_environment({"COLUMNS": "200"}), capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "command",
    [
        ("venv/bin/locust", "--help"),
        ("venv/bin/locust", "-f", "locustfile.py", "--help"),
        ("scenarios/light.sh", "--help"),
    ],
    ids=["locust", "with a locustfile", "a scenario"],
)
def test_help_shows_every_option_in_its_group_with_its_default(command):
    text = shown_by(*command)
    assert len(all_options()) > 30
    for option in all_options():
        assert f"  {option.flag}" in text
    for title in groups():
        assert f"CMS load suite: {title}:" in text
    assert "(default 1-3)" in text
    assert "(default config/slo.toml)" in text
    assert "--spawn-rate" in text, "Locust's own options are there, too"


def test_the_command_takes_locusts_options_and_lists_the_roles():
    assert shown_by("venv/bin/locust", "--list").splitlines()[-len(CLASSES) :] == [f"    {name}" for name in CLASSES]


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["PatientUsers"], ["error: there is no user class 'PatientUsers': did you mean 'PatientUser'?"]),
        (["--scenario", "hevy"], ["error: --scenario: there is no scenario 'hevy': did you mean 'heavy'?"]),
        (
            ["-u", "0", "--think-time", "fast", "--host", "ftp://x", "--sandbox-args", "--latency 5"],
            [
                "error: --users 0 is nobody: take 1 or more",
                "error: --think-time 'fast' is not a pause: write MIN-MAX in seconds, such as 1-3",
                "error: --sandbox-args is for the embedded sandbox, and --host names another CMS: "
                "leave one of them out",
            ],
        ),
    ],
)
def test_mistakes_are_told_together_before_anything_starts(start_locust, args, told):
    locust = start_locust("--headless", "-t", "5s", *args)
    assert locust.wait() == 2
    assert [line for line in locust.output.splitlines() if line.startswith("error: ")] == told
    assert "Traceback" not in locust.output
    assert "sandbox at http" not in locust.output
