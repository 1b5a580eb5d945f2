"""The scripts: complete, executable, free of syntax errors, and passing on what they are given."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

from commands.__main__ import COMMANDS
from tests.processes import PATIENCE, ROOT, clean_environment

SKIPPED = {".git", ".mypy_cache", ".pytest_cache", ".ruff_cache", "results", "venv"}


def scripts(suffix: str) -> list[str]:
    """The scripts of the repository, as paths relative to it."""
    found = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = sorted(set(folders) - SKIPPED)
        found += [str((Path(folder) / name).relative_to(ROOT)) for name in files if name.endswith(suffix)]
    return sorted(found)


def powershell_errors(source: bytes) -> list[str]:
    """Where a PowerShell script cannot be parsed: `line 3: ...`, one entry for each place."""
    errors = []

    def visit(node: Node) -> None:
        if node.is_error or node.is_missing:
            text = (node.text or b"").decode(errors="replace")
            errors.append(f"line {node.start_point.row + 1}: {node.type} {text!r}")
        for child in node.children:
            visit(child)

    visit(Parser(Language(tree_sitter_powershell.language())).parse(source).root_node)
    return errors


@pytest.mark.parametrize("script", scripts(".ps1"))
def test_powershell_script_parses(script):
    source = (ROOT / script).read_bytes()
    assert powershell_errors(source) == []
    assert source.isascii(), "Windows PowerShell reads a script without a byte order mark as ANSI"


@pytest.mark.parametrize(
    "broken",
    [
        b"if ($true) { exit 1",
        b"$names = @('light', 'heavy'\n",
        b"Write-Host 'unfinished\n",
        b"param([switch]$Dev,)\n",
        b"if ($LASTEXITCODE -ne) { exit 1 }\n",
    ],
)
def test_broken_powershell_is_noticed(broken):
    assert powershell_errors(broken) != []


def test_every_powershell_script_was_looked_at():
    assert {"setup-venv.ps1", "scenarios/run.ps1", "scenarios/light.ps1"} <= set(scripts(".ps1"))


@pytest.mark.parametrize("script", [*scripts(".sh"), ".ci/run"])
def test_shell_script_is_executable_and_parses(script):
    assert os.access(ROOT / script, os.X_OK), f"chmod +x {script}"
    checked = subprocess.run(["bash", "-n", ROOT / script], capture_output=True, text=True)
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.parametrize("script", [*scripts(".sh"), ".ci/run"])
def test_shell_script_stops_at_the_first_error(script):
    text = (ROOT / script).read_text()
    assert "set -euo pipefail\n" in text or text.splitlines()[1].startswith("exec "), script


CONFS = sorted((ROOT / "config" / "scenarios").glob("*.conf"))


@pytest.mark.parametrize("conf", CONFS, ids=lambda conf: conf.stem)
class TestScenario:
    def test_has_a_starter_for_each_system(self, conf):
        assert (ROOT / "scenarios" / f"{conf.stem}.sh").is_file()
        assert (ROOT / "scenarios" / f"{conf.stem}.ps1").is_file()

    def test_begins_with_the_question_it_answers(self, conf):
        question = conf.read_text(encoding="utf-8").splitlines()[0]
        assert question.startswith("# ")
        assert question.endswith("?")

    def test_bears_the_name_of_its_file(self, conf):
        assert f"scenario = {conf.stem}" in conf.read_text(encoding="utf-8").splitlines()


def test_every_starter_has_its_scenario():
    starters = {path.stem for path in (ROOT / "scenarios").iterdir() if path.suffix in {".sh", ".ps1"}}
    assert starters - {"run", "command"} - COMMANDS.keys() == {conf.stem for conf in CONFS}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_starter_for_each_system(name):
    assert (ROOT / "scenarios" / f"{name}.sh").read_text("utf-8").endswith(f'/command.sh" {name} "$@"\n')
    assert f"'command.ps1') {name} @args; exit $LASTEXITCODE" in (ROOT / "scenarios" / f"{name}.ps1").read_text("utf-8")


@pytest.fixture
def suite(tmp_path):
    """A copy of the starters in which Locust only shows its arguments and ends with code 7."""
    copy = tmp_path / "a suite"
    for folder in ("scenarios", "config/scenarios"):
        shutil.copytree(ROOT / folder, copy / folder)
    (copy / "venv" / "bin").mkdir(parents=True)
    for name, body in {
        "setup-venv.sh": 'echo "setup $*"',
        "venv/bin/locust": 'pwd -P; printf "<%s>" "$@"; echo " $$"; exit 7',
    }.items():
        (copy / name).write_text(f"#!/bin/sh\n{body}\n")
        (copy / name).chmod(0o755)
    return copy


def run(*command, cwd):
    return subprocess.run(command, cwd=cwd, env=clean_environment(), capture_output=True, text=True, timeout=PATIENCE)


def test_starter_becomes_locust_with_the_options_and_the_exit_code(suite, tmp_path):
    done = run(suite / "scenarios" / "light.sh", "--users", "3", "--tags", "a b", cwd=tmp_path)
    folder, arguments = done.stdout.splitlines()
    assert done.returncode == 7
    assert folder == str(suite.resolve())
    assert arguments.startswith("<--config><config/scenarios/light.conf><--users><3><--tags><a b> ")
    question = CONFS[[conf.stem for conf in CONFS].index("light")].read_text().splitlines()[0]
    assert done.stderr.splitlines() == ["setup --quiet", f"light: {question.removeprefix('# ')}"]


def test_starter_is_replaced_by_locust_so_that_signals_reach_it(suite):
    started = subprocess.Popen(
        [suite / "scenarios" / "light.sh"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    output, _ = started.communicate(timeout=PATIENCE)
    assert output.split()[-1] == str(started.pid)


@pytest.mark.parametrize("names", [["lihgt"], ["../light"], ["light medium"], [""], []])
def test_unknown_scenario_lists_the_known_ones(suite, names):
    done = run(suite / "scenarios" / "run.sh", *names, cwd=suite)
    assert done.returncode == 2
    assert done.stdout == ""
    assert f"one of: {' '.join(conf.stem for conf in CONFS)}" in done.stderr
    assert not names or names[0] in done.stderr
