"""The sandbox answers recorded requests as the real API did: status, keys, types, and the text of errors."""

from collections.abc import Callable

from flask.testing import FlaskClient

from tests.contract.likeness import shape
from tests.contract.recordings import read_recordings


def test_the_exchanges_replay_in_order(clinic: Callable[..., FlaskClient]) -> None:
    client = clinic()
    known = {"token": "", "address": ""}
    differences = []
    for exchange in read_recordings("exchanges.jsonl"):
        method, path = exchange["ask"].replace("{address}", known["address"]).split()
        authorization = exchange.get("authorization", "Bearer {token}")
        headers = {"Authorization": authorization.replace("{token}", known["token"])} if authorization else {}
        response = client.open(path, method=method, json=exchange.get("send"), headers=headers)
        got, expected = response.get_json(), exchange["answer"]
        known["token"] = known["token"] or got.get("token")
        if path.endswith("/addresses") and response.status_code == 201:
            known["address"] = str(got["id"])
        same = response.status_code == exchange["status"] and (
            got == expected if exchange["status"] >= 400 else shape(got) == shape(expected)
        )
        if not same or response.content_type != "application/json; charset=utf-8":
            differences.append((exchange["ask"], expected, response.status_code, got))
    assert not differences, differences
