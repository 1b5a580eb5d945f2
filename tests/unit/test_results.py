"""The folder of a run is its own, and goes when nothing comes into it."""

import subprocess
import sys
from pathlib import Path

import pytest

from config import results
from config.results import new_run_folder

ROOT = Path(__file__).resolve().parents[2]
MAKE = """
import sys, pathlib
from config import results
results._named = lambda name: f"{name}-now"
folder = results.new_run_folder(pathlib.Path(sys.argv[1]), "light")
if len(sys.argv) > 2:
    (folder / "verdict.json").touch()
print(folder.name)
"""


@pytest.fixture
def one_second(monkeypatch):
    monkeypatch.setattr(results, "_named", lambda name: f"{name}-now")


def made(folder, *more):
    command = [sys.executable, "-c", MAKE, str(folder), *more]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def test_runs_of_one_second_have_folders_of_their_own(one_second, tmp_path):
    assert [new_run_folder(tmp_path / "results", "light").name for _ in range(3)] == [
        "light-now",
        "light-now-2",
        "light-now-3",
    ]


def test_a_folder_that_came_in_between_is_not_shared(one_second, tmp_path, monkeypatch):
    """Another run makes it after this one has looked and before it makes its own."""
    (tmp_path / "light-now").mkdir()
    monkeypatch.setattr(Path, "exists", lambda self: False)
    assert new_run_folder(tmp_path, "light").name == "light-now-2"


def test_an_empty_folder_goes_with_the_process_that_made_it(tmp_path):
    assert made(tmp_path / "deep" / "results") == "light-now"
    assert list(tmp_path.iterdir()) == []


def test_what_a_run_has_left_stays(tmp_path):
    assert made(tmp_path / "results", "leave something") == "light-now"
    assert made(tmp_path / "results") == "light-now-2"
    assert [path.name for path in (tmp_path / "results").iterdir()] == ["light-now"]
