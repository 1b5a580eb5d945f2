"""The locks hold what the requirements pin, with a hash for each file, and no word about where it came from."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)", re.MULTILINE)
SETS = ["locust", "dev"]


def text(name):
    return (ROOT / name).read_text("utf-8")


def pins(content):
    """Version by name, as the index spells it."""
    return {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in PIN.findall(content)}


@pytest.mark.parametrize("name", SETS)
def test_every_direct_pin_is_in_its_lock(name):
    direct = pins(text(f"requirements-{name}.txt"))
    assert len(direct) > 5
    assert direct.items() <= pins(text(f"requirements-{name}.lock")).items()


def test_a_venv_for_development_also_serves_a_run():
    assert pins(text("requirements-locust.lock")).items() <= pins(text("requirements-dev.lock")).items()


@pytest.mark.parametrize("name", SETS)
def test_every_package_of_a_lock_has_a_hash_for_each_file(name):
    entries = re.split(r"\n(?=[a-z0-9])", text(f"requirements-{name}.lock").partition("\n#    ./lock")[2].strip())
    assert len(entries) > 20
    for entry in entries[1:]:
        assert PIN.match(entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry), entry


@pytest.mark.parametrize("name", SETS)
def test_no_lock_says_where_its_packages_came_from(name):
    assert not re.search(r"https?:|index-url|find-links|file:|(?m:^-)", text(f"requirements-{name}.lock"))


@pytest.mark.parametrize("script", ["setup-venv.sh", "setup-venv.ps1", "deploy/Dockerfile"])
def test_what_installs_insists_on_the_hashes(script):
    assert "--require-hashes" in text(script)
    assert not re.search(r"requirements-\w+\.txt", text(script))
