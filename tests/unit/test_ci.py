"""The workflows of the project, and the examples that people copy, are valid by the tools that know their formats."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.processes import PATIENCE, ROOT

PAGE = (ROOT / "docs" / "ci.md").read_text("utf-8")
EXAMPLES = dict(re.findall(r"^## (GitHub Actions|GitLab CI)$.*?^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
SCHEMAS = {"GitHub Actions": "vendor.github-workflows", "GitLab CI": "vendor.gitlab-ci"}
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
EMBEDDED_EXPRESSION = re.compile(r"run: .*\$\{\{")


def lint(schema, path):
    """What check-jsonschema has to say; nothing when the file is valid."""
    program = Path(sys.executable).with_name("check-jsonschema")
    transform = ("--data-transform", "gitlab-ci") if schema.endswith("gitlab-ci") else ()
    words = (program, "--builtin-schema", schema, *transform, path)
    done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE)
    return "" if done.returncode == 0 else done.stdout + done.stderr


@pytest.mark.parametrize("name", SCHEMAS)
def test_an_example_is_valid(name, tmp_path):
    path = tmp_path / "example.yml"
    path.write_text(EXAMPLES[name], "utf-8")
    assert lint(SCHEMAS[name], path) == ""


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_of_the_project_is_valid(path):
    assert lint("vendor.github-workflows", path) == ""


@pytest.mark.parametrize("text", [EXAMPLES["GitHub Actions"], *(path.read_text("utf-8") for path in WORKFLOWS)])
def test_a_workflow_may_do_no_more_than_read_and_pastes_no_text_of_others_into_a_shell(text):
    assert yaml.safe_load(text)["permissions"] == {"contents": "read"}
    assert not EMBEDDED_EXPRESSION.search(text)


def test_the_project_is_tested_on_three_systems():
    jobs = [job for path in WORKFLOWS for job in yaml.safe_load(path.read_text("utf-8"))["jobs"].values()]
    assert {job["runs-on"].partition("-")[0] for job in jobs} == {"ubuntu", "macos", "windows"}


def test_what_the_workflows_call_exists():
    text = "".join(path.read_text("utf-8") for path in WORKFLOWS).replace("\\", "/")
    called = re.findall(r"(?:\./|run: )((?:scenarios|tests|\.ci)/[\w.]+|setup-venv\.ps1)", text)
    assert len(called) > 5
    assert [name for name in called if not (ROOT / name).exists()] == []
