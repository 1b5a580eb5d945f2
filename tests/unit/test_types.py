"""Types that help whoever writes a task: what an answer holds is known to mypy, what a route takes to these tests."""

import ast
import re

from mypy import api as mypy

from api import endpoints
from api.endpoint import Endpoint
from tests.processes import ROOT

TASKS = """
from api.endpoints import GET_PATIENT, LIST_PATIENTS
from tasks.role_tasks import RoleTasks


class Mine(RoleTasks):
    def look(self) -> None:
        self.then(LIST_PATIENTS, limit=5).data[0].nombre.upper()
        self.call(LIST_PATIENTS).rows
        self.call(LIST_PATIENTS).data[0].nam
        self.call(GET_PATIENT, id=self.any_lasting(LIST_PATIENTS).idd)
"""


def test_a_field_that_an_answer_does_not_have_is_an_error(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    path = tmp_path / "mine.py"
    path.write_text(TASKS)
    options = ("--config-file", "pyproject.toml", "--cache-dir", str(tmp_path / "cache"), "--follow-imports", "silent")
    output, errors, _ = mypy.run([*options, str(path)])
    assert errors == ""
    assert re.findall(r"mine.py:(\d+): error: (.*?)(?:;|  )", output) == [
        ("9", '"Page[Patient]" has no attribute "rows"'),
        ("10", '"Patient" has no attribute "nam"'),
        ("11", '"Patient" has no attribute "idd"'),
    ]


WAYS = {"call", "then", "then_create", "then_remove"}
NOT_OF_THE_ROUTE = {"accept", "undo"}


def calls_in_tasks():
    for path in (ROOT / "tasks").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WAYS:
                yield path.name, node


def test_tasks_give_routes_only_the_parameters_that_they_take():
    seen = 0
    for name, call in calls_in_tasks():
        named = call.args[0].id if call.args and isinstance(call.args[0], ast.Name) else ""
        endpoint = getattr(endpoints, named, None)
        if not isinstance(endpoint, Endpoint):
            continue
        given = {keyword.arg for keyword in call.keywords if keyword.arg} - NOT_OF_THE_ROUTE
        assert given <= {*endpoint.path_keys, *endpoint.query}, f"{name} line {call.lineno}: {endpoint}"
        seen += bool(given)
    assert seen > 30
