"""The suite's schemas hold for the CMS: every answer of the sandbox, and every recorded one, decodes as promised."""

import json
import re

import msgspec

from api.endpoints import ENDPOINTS
from tests.contract.recordings import read_recordings


def endpoint_of(method, path):
    for endpoint in ENDPOINTS:
        pattern = re.sub(r"\{\w+\}", r"[^/]+", endpoint.path)
        if endpoint.method == method and re.fullmatch(pattern, path.split("?")[0]):
            return endpoint
    return None


def keys_of(value):
    """The keys of every object within, wherever it stands."""
    if isinstance(value, dict):
        return {key: keys_of(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [keys_of(inner) for inner in value]
    return None


def test_every_recorded_success_is_what_the_schemas_promise():
    checked = set()
    for exchange in read_recordings("exchanges.jsonl"):
        endpoint = endpoint_of(*exchange["ask"].split())
        if endpoint is None or exchange["status"] != endpoint.status:
            continue
        body = json.dumps(exchange["answer"]).encode()
        decoded = endpoint.read(exchange["status"], body, {})
        assert keys_of(json.loads(msgspec.json.encode(decoded))) == keys_of(exchange["answer"]), str(endpoint)
        checked.add(str(endpoint))
    assert len(checked) == len(ENDPOINTS)


def test_every_reading_answer_of_the_sandbox_is_what_the_schemas_promise(clinic):
    client = clinic()
    signed_in = client.post("/api/auth/login", json={"username": "admin", "password": "password123"}).get_json()
    headers = {"Authorization": f"Bearer {signed_in['token']}"}
    client.put("/api/insurance/companies/1", json={"nombre": "n"}, headers=headers)  # the first row of the audit log
    reading = [endpoint for endpoint in ENDPOINTS if endpoint.method == "GET"]
    assert len(reading) > 40
    for endpoint in reading:
        target = re.sub(r"\{\w+\}", "1", endpoint.path)
        response = client.get(target, headers=headers)
        decoded = endpoint.read(response.status_code, response.data, {})
        shown = response.get_json()
        assert keys_of(json.loads(msgspec.json.encode(decoded))) == keys_of(shown), str(endpoint)
        assert shown.get("data") != [], f"{endpoint} shows nothing to check"
