"""The README says what the code does."""

import json
import re
import subprocess
import sys

import pytest

from tests.processes import PATIENCE, ROOT, clean_environment
from tests.readme_tables import README, filled
from tests.roles import ROLES

TEXT = README.read_text("utf-8")


def test_the_tables_are_those_of_the_code():
    assert filled(TEXT) == TEXT, "run: python -m tests.readme_tables"


@pytest.mark.parametrize("role", ROLES)
def test_the_mix_is_what_locust_itself_shows(role):
    words = [sys.executable, "-m", "locust", "--show-task-ratio-json"]
    shown = subprocess.run(
        words, cwd=ROOT, env=clean_environment(), capture_output=True, text=True, check=True, timeout=PATIENCE
    )
    (tasks,) = json.loads(shown.stdout)["per_class"][role.__name__]["tasks"].values()
    ratios = tasks["tasks"]
    block = re.search(rf"### {role.__name__}\n(.*?)(?=\n### |<!-- /roles)", TEXT, re.DOTALL).group(1)
    told = {name: float(share) for name, share in re.findall(r"\| `(\w+)` \| ([\d.]+) % \|", block)}
    assert told == {name: pytest.approx(100 * entry["ratio"], abs=0.051) for name, entry in ratios.items()}


def test_every_file_that_it_names_exists():
    links = re.findall(r"\]\(([\w./-]+)\)", TEXT)
    scripts = re.findall(r"\./((?:scenarios|tests)/[a-z]+\.sh)", TEXT)
    assert len(links) > 3
    assert [name for name in [*links, *scripts] if not (ROOT / name).exists()] == []


def test_every_top_level_folder_is_in_the_tree():
    packages = {path.parent.name for path in ROOT.glob("*/*.py")} | {"scenarios", "config"}
    assert [name for name in sorted(packages) if f"\n{name}/ " not in TEXT] == []
