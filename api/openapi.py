"""The API as an OpenAPI 3.1 description: `python -m api.openapi` writes it to docs/openapi.yaml."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from api.endpoint import Endpoint
from api.endpoints import ENDPOINTS
from api.refusals import REFUSALS, refusals_of
from api.request_bodies import MAX_INTEGER
from api.schemas import Refusal
from api.yaml_text import as_yaml

FILE = Path(__file__).resolve().parents[1] / "docs" / "openapi.yaml"
HEAD = "# Made from api/ by `python -m api.openapi`; a test compares them.\n"
INFO = {
    "title": "CMS Medical API",
    "version": "1",
    "description": "The API as the load suite knows it: what it answers when it is deployed, its oddities included.",
}
BEARER = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
JSON = "application/json"
RECORD_ID = {"type": "integer", "minimum": 1, "maximum": MAX_INTEGER}
WINDOW = {"type": "integer", "minimum": 0, "maximum": 2**63 - 1}
TIME = {"type": "string", "format": "date-time"}


def description() -> dict[str, Any]:
    """The whole description; everything in it comes from the other files of this folder."""
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in ENDPOINTS:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": INFO,
        "servers": [{"url": "http://localhost:5000"}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": BEARER},
            "responses": {str(status): _refusal(status) for status in REFUSALS},
            "schemas": _schemas(),
        },
    }


def _operation(endpoint: Endpoint[Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {"tags": [_topic(endpoint)]}
    if parameters := list(_parameters(endpoint)):
        operation["parameters"] = parameters
    if endpoint.takes:
        operation["requestBody"] = {"required": True, "content": _content(endpoint.takes)}
    success = {"description": "As promised.", "content": _content(endpoint.returns)}
    refused = {str(status): {"$ref": f"#/components/responses/{status}"} for status in refusals_of(endpoint)}
    operation["responses"] = {str(endpoint.status): success, **refused}
    operation["security"] = [{"token": []}] if endpoint.needs_token else []
    return operation


def _topic(endpoint: Endpoint[Any]) -> str:
    return endpoint.path.removeprefix("/api").split("/")[1]


def _parameters(endpoint: Endpoint[Any]) -> Iterator[dict[str, Any]]:
    for key in endpoint.path_keys:
        yield {"name": key, "in": "path", "required": True, "schema": RECORD_ID}
    for key in sorted(endpoint.query):
        yield {"name": key, "in": "query", "schema": _filter(key)}


def _filter(key: str) -> dict[str, Any]:
    if key in ("limit", "offset"):
        return {**WINDOW, "default": 10 if key == "limit" else 0}
    if key.startswith("fecha_"):
        return TIME
    return RECORD_ID if re.search(r"(^|_)id(_|$)", key) else {"type": "string"}


def _refusal(status: int) -> dict[str, Any]:
    return {"description": REFUSALS[status], "content": _content(Refusal)}


def _content(struct: Any) -> dict[str, Any]:
    (schema,), _ = msgspec.json.schema_components([struct], ref_template="#/components/schemas/{name}")
    return {JSON: {"schema": _named(schema)}}


def _schemas() -> dict[str, Any]:
    structs = [kind for endpoint in ENDPOINTS for kind in (endpoint.takes, endpoint.returns) if kind]
    _, schemas = msgspec.json.schema_components([*structs, Refusal], ref_template="#/components/schemas/{name}")
    return {_name(name): _named(schemas[name]) for name in sorted(schemas)}


def _named(value: Any) -> Any:
    """The schema with the names of generic structs as a person would write them: PageOfUser, not Page_User_."""
    if isinstance(value, dict):
        return {key: _name(inner) if key in ("$ref", "title") else _named(inner) for key, inner in value.items()}
    return [_named(inner) for inner in value] if isinstance(value, list) else value


def _name(name: str) -> str:
    return re.sub(r"(\w+?)[_\[](\w+?)[_\]]$", r"\1Of\2", name)


if __name__ == "__main__":
    FILE.write_text(HEAD + as_yaml(description()), "utf-8")
