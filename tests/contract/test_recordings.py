"""The sandbox answers recorded requests as the real API did: status, keys, types, and the text of errors."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

RECORDINGS = Path(__file__).parents[2] / ".." / "shared" / "contract" / "exchanges.jsonl"


def shape(value: Any) -> Any:
    """Keys and types, all the way down; of a list, those of its first entry."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


@pytest.mark.skipif(not RECORDINGS.exists(), reason="the recordings are not part of the project")
def test_the_recordings_replay_in_order(clinic: Callable[..., FlaskClient]) -> None:
    client = clinic()
    token: str | None = None
    differences = []
    for number, line in enumerate(RECORDINGS.read_text("utf-8").splitlines(), 1):
        exchange = json.loads(line)
        sent, expected = exchange["request"], exchange["response"]
        headers = {key: value.replace("<token>", token or "") for key, value in sent["headers"].items()}
        response = client.open(sent["path"], method=sent["method"], json=sent["body"], headers=headers)
        got = response.get_json()
        token = token or got.get("token")
        same = response.status_code == expected["status"] and (
            got == expected["body"] if expected["status"] >= 400 else shape(got) == shape(expected["body"])
        )
        if not same or response.content_type != expected["content_type"]:
            differences.append((number, sent["method"], sent["path"], expected, response.status_code, got))
    assert not differences, differences
