"""README and docs say what the code does."""

import json
import re
import subprocess
import sys

import pytest

from tests.processes import PATIENCE, ROOT, clean_environment
from tests.readme_tables import PAGES, README, TASKS, filled
from tests.roles import ROLES

TEXT = README.read_text("utf-8")


DOCUMENTS = [README, ROOT / "CONTRIBUTING.md", ROOT / "ARCHITECTURE.md", *sorted((ROOT / "docs").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_tables_are_those_of_the_code(page):
    assert filled(page) == page.read_text("utf-8"), "run: python -m tests.readme_tables"


@pytest.mark.parametrize("role", ROLES)
def test_the_mix_is_what_locust_itself_shows(role):
    words = [sys.executable, "-m", "locust", "--show-task-ratio-json"]
    shown = subprocess.run(
        words, cwd=ROOT, env=clean_environment(), capture_output=True, text=True, check=True, timeout=PATIENCE
    )
    (tasks,) = json.loads(shown.stdout)["per_class"][role.__name__]["tasks"].values()
    ratios = tasks["tasks"]
    block = re.search(rf"### {role.__name__}\n(.*?)(?=\n### |<!-- /roles)", TASKS.read_text("utf-8"), re.DOTALL).group(
        1
    )
    told = {name: float(share) for name, share in re.findall(r"\| `(\w+)` \| ([\d.]+) % \|", block)}
    assert told == {name: pytest.approx(100 * entry["ratio"], abs=0.051) for name, entry in ratios.items()}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.stem)
def test_every_file_that_it_names_exists(document):
    text = document.read_text("utf-8")
    links = [document.parent / name for name in re.findall(r"\]\(([\w./-]+)(?:#[\w-]+)?\)", text)]
    scripts = [ROOT / name for name in re.findall(r"\./((?:scenarios|tests)/[a-z-]+\.sh)", text)]
    assert [str(path) for path in [*links, *scripts] if not path.exists()] == []


def test_the_front_door_is_short_and_leads_to_every_page():
    assert len(TEXT.splitlines()) < 200
    missing = [path.name for path in (ROOT / "docs").iterdir() if path.is_file() and f"docs/{path.name}" not in TEXT]
    assert missing == []


def test_every_top_level_folder_is_in_the_tree():
    packages = {path.parent.name for path in ROOT.glob("*/*.py")} | {"scenarios", "config"}
    assert [name for name in sorted(packages) if f"\n{name}/ " not in TEXT] == []
