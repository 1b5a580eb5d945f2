"""What a patient reads, taken from the suite's own tasks, so that every contestant does the same work."""

import json
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec

from api.endpoint import Endpoint
from benchmarks.recorded_answers import OWN_ID
from internals.of_locust import tags_of
from tasks.patient import PatientTasks

OWNERS = {"paciente_id", "id_paciente"}


@dataclass(frozen=True)
class Visit:
    """One request: `weight` times in the mix; every row's `owner` field, if it has one, must be the patient's id."""

    name: str
    target: str
    owner: str | None
    weight: int


def write_mix(folder: Path) -> Path:
    """The mix as a file for contestants in any language."""
    path = folder / "mix.json"
    path.write_text(json.dumps({"own_id": OWN_ID, "visits": [asdict(visit) for visit in reading_mix()]}), "utf-8")
    return path


def reading_mix() -> list[Visit]:
    """What the tasks tagged `read` ask for, by their weights, watched while they do it."""
    asked: list[tuple[Endpoint[Any], dict[str, Any]]] = []

    def call(endpoint: Endpoint[Any], body: Any = None, /, **params: Any) -> Any:
        asked.append((endpoint, params))
        return SimpleNamespace(data=[])

    client, session = SimpleNamespace(call=call), SimpleNamespace(username="clinic")
    of_locust = dict.fromkeys(("min_wait", "max_wait", "wait_function"))
    settings = SimpleNamespace(each_task_once=False)
    person: Any = SimpleNamespace(client=client, session=session, settings=settings, own_id=OWN_ID, **of_locust)
    tasks = PatientTasks(person)
    visits = []
    weights: Counter[Any] = Counter(PatientTasks.tasks)
    for task, weight in weights.items():
        if "read" in tags_of(task):
            asked.clear()
            task(tasks)
            visits += [_visit(endpoint, params, weight) for endpoint, params in asked]
    return visits


def _visit(endpoint: Endpoint[Any], params: dict[str, Any], weight: int) -> Visit:
    returned = msgspec.inspect.type_info(endpoint.returns)
    rows = next((field.type for field in getattr(returned, "fields", ()) if field.name == "data"), None)
    names = {field.name for field in getattr(getattr(rows, "item_type", None), "fields", ())}
    return Visit(endpoint.path, endpoint.target(params), next(iter(names & OWNERS), None), weight)
