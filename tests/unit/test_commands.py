"""The suite's own commands: what they write, and what is refused in one line."""

import subprocess
import sys

import pytest

from reporting.compare import main as compare
from reporting.trend import main as trend
from tests.processes import PATIENCE, ROOT, clean_environment
from tests.written_runs import written_run


def test_a_trend_tells_the_share_of_failures(tmp_path):
    written_run(tmp_path / "light-20260101T000000Z")
    assert trend([str(tmp_path)]) == 0
    text = (tmp_path / "trend.html").read_text("utf-8")
    assert "<th>failed</th>" in text
    assert "<td>0 %</td></tr>" in text


@pytest.mark.parametrize("number", ["0", "-3"])
def test_a_trend_of_no_runs_is_refused(tmp_path, capsys, number):
    written_run(tmp_path / "light-20260101T000000Z")
    with pytest.raises(SystemExit) as end:
        trend([str(tmp_path), "-n", number])
    assert end.value.code == 2
    assert capsys.readouterr().err == f"error: argument -n/--number: {number} cannot be used: take 1 or more\n"


@pytest.mark.parametrize(
    ("command", "words"), [(trend, ["a", "-n", "two"]), (compare, ["one"]), (compare, ["a", "b", "--nope"])]
)
def test_a_wrong_argument_is_one_line(capsys, command, words):
    with pytest.raises(SystemExit) as end:
        command(words)
    assert end.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("error: ")
    assert said.count("\n") == 1


def test_a_wrong_option_of_a_command_is_one_line():
    words = [sys.executable, "-m", "commands", "provision", "--doctors", "two"]
    done = subprocess.run(words, cwd=ROOT, env=clean_environment(), capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 2
    assert done.stderr == "error: argument --doctors: invalid int value: 'two'\n"
