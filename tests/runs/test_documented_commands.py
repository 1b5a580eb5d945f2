"""Every command block of README and docs/ runs, shortened, in a copy of the project; or says why it does not."""

import re
import shutil
import subprocess
from dataclasses import dataclass

import pytest

from tests.processes import ROOT, clean_environment

DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"(?:<!-- not run: (?P<reason>.*?) -->\n)?^ *```(?P<kind>\w*)\n(?P<text>.*?)^ *```$", re.M | re.S)
SHELLS = ("console", "bash", "sh", "powershell")
NO_COMMANDS = ("", "toml", "python", "json", "mermaid", "yaml", "sql")
SHORTENED = {
    **{"LOCUST_USERS": "8", "LOCUST_SPAWN_RATE": "8", "LOCUST_RUN_TIME": "6s", "CMS_THINK_TIME": "0.1-0.3"},
    **{"CMS_STEP_TIME": "2", "CMS_STEP_SETTLE": "1", "CMS_AT_LEAST": "5"},
}
SHORTER = {
    r"(?<=--run-time )\d+\w": "6s",
    r"-m sandbox .*": "-m sandbox --help",
    r"(?<=--doctors )\d+ --patients \d+": "2 --patients 3",
    r"(?<=--users )\d+ --step-users \d+": "20 --step-users 10",
    r"\./tests/run\.sh.*": "./tests/run.sh --quick --collect-only -q tests/unit/test_readme.py",
}
NEEDS_ITS_TIME = "access-audit"
"""An audit that is cut short accepts no leaks."""
INSTALLING = 600.0
"""Seconds for a command that may begin by installing what it needs."""
OTHER_THAN_PASS = (1, 3)
"""A run of six seconds may miss a rate, or every steady second; what may not be is a mistake in what was given."""


@dataclass(frozen=True)
class Block:
    document: str
    kind: str
    reason: str | None
    commands: tuple[str, ...]

    def __str__(self):
        return f"{self.document}: {self.commands[0] if self.commands else self.kind}"


def blocks():
    for path in DOCUMENTS:
        for found in BLOCK.finditer(path.read_text("utf-8")):
            lines = re.findall(r"^ *\$ (.*?)(?: {2,}#.*)?$", found["text"], re.M)
            yield Block(path.name, found["kind"], found["reason"], tuple(lines))


BLOCKS = list(blocks())
RUNNABLE = [block for block in BLOCKS if block.commands and not block.reason]


def test_every_block_is_run_or_says_why_not():
    assert {block.kind for block in BLOCKS} <= {*SHELLS, *NO_COMMANDS}
    silent = [str(block) for block in BLOCKS if block.kind in SHELLS and not (block.commands or block.reason)]
    assert silent == []
    assert [str(block) for block in BLOCKS if block.kind not in SHELLS and block.commands] == []
    assert len(RUNNABLE) > 8


@pytest.fixture
def project(tmp_path):
    """A copy that a command may write into, with the environment of the project."""
    copy = tmp_path / "project"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns("venv", ".git", "results", ".env", ".*_cache", "images"))
    (copy / "venv").symlink_to(ROOT / "venv")
    (copy / "setup-venv.sh").write_text("#!/bin/sh\n")  # it would make a new environment for the copy
    return copy


@pytest.mark.parametrize("block", RUNNABLE, ids=str)
def test_the_commands_of_a_block_run(block, project, sandbox):
    needs_host = any(re.search("provision|sweep", command) for command in block.commands)
    shortened = {} if any(NEEDS_ITS_TIME in command for command in block.commands) else SHORTENED
    env = clean_environment(shortened | ({"LOCUST_HOST": sandbox.url} if needs_host else {}), dotenv=None)
    for command in block.commands:
        command = re.sub(r"https?://(localhost:5000|cms\.example\.org)", sandbox.url, command)
        for long, short in SHORTER.items():
            command = re.sub(long, short, command)
        words = ["bash", "-c", command]
        done = subprocess.run(
            words, cwd=project, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=INSTALLING
        )
        is_a_run = re.search(r"scenarios/(?!provision|sweep)|bin/locust", command)
        assert done.returncode in (0, *(OTHER_THAN_PASS if is_a_run else ())), command + done.stdout + done.stderr
        assert "Traceback" not in done.stderr, done.stderr
