"""The rules of the house, kept by a test: every fact has one home, and tasks read like what people do."""

import ast
import inspect
import re
from collections import Counter
from pathlib import Path

import pytest

from api import endpoints
from api.endpoint import Endpoint
from tests.roles import ROLES as CLASSES
from users.cms_user import CMSUser

ROOT = Path(__file__).resolve().parents[2]
SUITE = (
    *("access", "api", "commands", "config", "integrity", "internals", "load", "records", "reporting", "run", "tasks"),
    "users",
)
TASK_SETS = tuple(tasks for role in CLASSES for tasks in role.tasks)


def suite_files():
    files = [path for folder in SUITE for path in (ROOT / folder).rglob("*.py")]
    return [*files, ROOT / "locustfile.py"]


def test_urls_live_in_one_file():
    """But for requests that somebody writes by hand, as Locust's documentation shows them."""
    strays = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in suite_files()
        if path.name != "endpoints.py"
        for line in path.read_text("utf-8").splitlines()
        if re.search(r"""["']/(api|health)/""", line) and "client." not in line
    ]
    assert strays == []


def of_the_suite(task_set):
    """The tasks of a set that are no hand-written requests."""
    return [task for task in set(task_set.tasks) if "client" not in inspect.unwrap(task).__code__.co_names]


ROOMS = (
    *("internals", "config", "api", "api.transport", "records", "users", "tasks", "users.roles", "access", "integrity"),
    *("reporting.metrics", "reporting.verdict", "reporting.views", "reporting", "load", "run", "commands"),
)
"""From the bottom up: a room imports from itself and from those before it."""
LOCUSTFILES = {"locustfile", "load.arrivals", "load.duet"}
ROLES = {role.__module__ for role in CLASSES}


def room_of(module):
    if module in ROLES or any(module.startswith(f"{role}.") for role in ROLES):
        return "users.roles"
    if module in LOCUSTFILES:
        return None
    found = [room for room in ROOMS if module == room or module.startswith(f"{room}.")]
    return max(found, key=len, default=None)


def imports_of(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_imports_go_down_only():
    seen, upward = 0, []
    for path in suite_files():
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for imported in imports_of(path) if module not in LOCUSTFILES else ():
            room = room_of(imported)
            seen += room is not None
            if room is not None and ROOMS.index(room) > ROOMS.index(room_of(module)):
                upward.append(f"{module} imports {imported}")
    assert upward == []
    assert seen > 500


def test_the_verdict_is_pure():
    """It is given all that it judges by: no Locust, no clock, no disk, nothing of the system."""
    impure = {"locust", "gevent", "time", "os", "subprocess", "socket", "random"}
    floor = list((ROOT / "reporting" / "verdict").glob("*.py"))
    assert len(floor) > 5
    for path in floor:
        assert {name.partition(".")[0] for name in imports_of(path)} & impure == set(), path.name
        assert not re.search(r"datetime\.now|\bopen\(|read_(text|bytes)|\.glob\(", path.read_text("utf-8")), path.name


DOCUMENTED = {
    "locust": {
        *("FastHttpUser", "HttpUser", "LoadTestShape", "SequentialTaskSet", "TaskSet", "User", "__version__"),
        *("between", "constant", "constant_pacing", "constant_throughput", "events", "run_single_user", "tag", "task"),
    },
    "locust.argument_parser": {"LocustArgumentParser"},
    "locust.contrib.fasthttp": {"FastHttpSession"},
    "locust.env": {"Environment"},
    "locust.event": {"EventHook", "Events"},
    "locust.main": {"main"},
    "locust.exception": {
        *("CatchResponseError", "InterruptTaskSet", "RescheduleTask", "RescheduleTaskImmediately", "StopTest"),
        "StopUser",
    },
    "locust.runners": {"MasterRunner", "Runner", "WorkerRunner"},
    "locust.user.users": {"User"},
    "locust.web": {"WebUI"},
}
"""What Locust's documentation names; the rest of it is reached through internals/of_locust.py."""


def test_others_private_parts_are_used_in_internals_only():
    seen = set()
    for path in suite_files():
        if "internals" in path.parts:
            continue
        for name in imports_of(path):
            module, _, part = name.rpartition(".")
            if name.startswith(("locust.", "geventhttpclient", "gevent._", "gevent.monkey")):
                assert part in DOCUMENTED.get(module, ()), f"{path.name} imports {name}"
                seen.add(part)
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and re.match(r"_[a-z]", node.attr) and node.attr not in PUBLIC:
                assert ast.unparse(node.value) in ("self", "cls", "super()"), f"{path.name}: {ast.unparse(node)}"
    assert len(seen) > 10


PUBLIC = {"_replace", "_asdict", "_exit"}
"""Of named tuples, and of os: documented, whatever they look like."""


def test_the_type_checker_is_silenced_five_times_at_most():
    files = [*suite_files(), *(path for folder in ("benchmarks", "sandbox") for path in (ROOT / folder).rglob("*.py"))]
    silenced = [path.name for path in files for _ in re.findall(r"# type: ignore", path.read_text("utf-8"))]
    assert 0 < len(silenced) <= 5, silenced


def test_no_two_files_have_one_name():
    """But for the roles, each of which has a user and its tasks."""
    files = [*suite_files(), *(path for folder in ("benchmarks", "sandbox") for path in (ROOT / folder).rglob("*.py"))]
    names = Counter(path.name for path in files if not path.name.startswith("__"))
    of_roles = {f"{module.rpartition('.')[2]}.py" for module in ROLES}
    assert {name for name, count in names.items() if count > 1} == of_roles


def test_the_base_user_is_abstract():
    assert CMSUser.abstract


@pytest.mark.parametrize("task_set", TASK_SETS)
def test_one_task_in_fifty_is_a_health_check_and_a_weight_means_what_it_says(task_set):
    mix = Counter(task_set.tasks)
    assert mix.pop(task_set.check_the_health) * 50 == len(task_set.tasks)
    for task, count in mix.items():
        assert count == task.locust_task_weight * 49


def test_every_route_is_used_by_a_task_or_by_the_sign_in():
    sources = [path.read_text("utf-8") for folder in ("tasks", "users") for path in (ROOT / folder).glob("*.py")]
    used = {name for source in sources for name in names_used(source)}
    named = {name: value for name, value in vars(endpoints).items() if isinstance(value, Endpoint)}
    assert {name for name in named if name not in used} == set()
    assert {f"{part}_entry" for part in ("create", "get", "update", "delete")} | {"list_entries"} <= used


@pytest.mark.parametrize("task_set", TASK_SETS)
def test_every_task_is_tagged_as_reading_or_writing(task_set):
    tags = {task.__name__: getattr(task, "locust_tag_set", set()) for task in of_the_suite(task_set)}
    assert {name: found for name, found in tags.items() if len(found & {"read", "write"}) != 1} == {}


def test_no_reading_task_of_a_role_can_write():
    for task_set in TASK_SETS:
        for task in of_the_suite(task_set):
            source = inspect.getsource(task)
            if "read" in task.locust_tag_set:
                assert not re.search(r"\b(CREATE|UPDATE|DELETE|SET|CLOSE)_|then_(create|remove)", source), source


def names_used(source):
    """The names and attributes that code reads, imports left aside."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


@pytest.mark.parametrize("task_set", TASK_SETS)
def test_every_task_says_why_a_person_does_it(task_set):
    assert [task.__name__ for task in of_the_suite(task_set) if not (task.__doc__ or "").strip()] == []


def test_every_module_says_what_lives_in_it():
    assert [str(path) for path in suite_files() if not ast.get_docstring(ast.parse(path.read_text("utf-8")))] == []


def test_only_the_parser_reads_the_environment():
    readers = [path.name for path in suite_files() if re.search(r"os\.(environ|getenv)", path.read_text("utf-8"))]
    assert readers == ["parser.py"]


NAMES_OF_IDS = re.compile(r"(^|_)id(_|$)|_ids$", re.IGNORECASE)


def literal_ids(source):
    """Where code gives a number to what is called an id: in a dictionary, as an argument, a default or a constant."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Dict):
            pairs = [(getattr(key, "value", None), value) for key, value in zip(node.keys, node.values, strict=True)]
        elif isinstance(node, ast.Call):
            pairs = [(keyword.arg, keyword.value) for keyword in node.keywords]
        elif isinstance(node, ast.arguments):
            named = [*node.posonlyargs, *node.args][-len(node.defaults) :] if node.defaults else []
            pairs = [(name.arg, value) for name, value in zip(named, node.defaults, strict=True)]
            pairs += [(name.arg, value) for name, value in zip(node.kwonlyargs, node.kw_defaults, strict=True) if value]
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            pairs = [(getattr(target, "id", getattr(target, "attr", None)), node.value) for target in targets]
        else:
            continue
        for name, value in pairs:
            numbers = [part for part in ast.walk(value) if type(getattr(part, "value", None)) is int] if value else []
            direct = isinstance(value, ast.Constant | ast.IfExp | ast.List | ast.Tuple | ast.BinOp) or "choice" in (
                ast.unparse(value) if value else ""
            )
            if isinstance(name, str) and NAMES_OF_IDS.search(name) and numbers and direct:
                yield f"{name} = {ast.unparse(value)}"


def test_nothing_that_is_sent_holds_an_id_of_its_own():
    """Ids are the deployment's: they come from answers, or from the survey."""
    found = {path.name: list(literal_ids(path.read_text("utf-8"))) for path in suite_files()}
    assert {name: ids for name, ids in found.items() if ids} == {}


@pytest.mark.parametrize(
    "line",
    [
        '{"id_tipo_cita": self._rng.choice([1, 2, 3, 4])}',
        '{"id_estado_cita": 1}',
        '{"id_estado_consulta": 2 if diagnosis else 1}',
        "call(GET_USER, id=1)",
        "def access_code(self, user_id, state_id=1): ...",
        "COLONIA_ID = 1",
    ],
)
def test_the_rule_sees_an_id(line):
    assert len(list(literal_ids(line))) == 1
