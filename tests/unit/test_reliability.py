"""docs/reliability.md: every fault in its table has a test, and the test is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROWS = [line for line in (ROOT / "docs" / "reliability.md").read_text("utf-8").splitlines() if line.startswith("| ")]


@pytest.mark.parametrize("row", ROWS[2:])
def test_every_row_names_tests_that_are_there(row):
    fault, reaction, tests = (cell.strip() for cell in row.strip("|").split(" | "))
    assert fault
    assert reaction
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", tests)
    assert named
    for path, name in named:
        tree = ast.parse((ROOT / path).read_text("utf-8"))
        assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_no_fault_stands_there_twice():
    assert len(set(ROWS)) == len(ROWS) > 2
