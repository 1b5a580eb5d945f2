"""Express's part of an answer: headers, paths, bodies and the query, beyond what the recorded questions ask."""

import gzip
import json
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.contract.people import Person
from tests.contract.recordings import recorded_headers

HEADERS = recorded_headers() | {"Content-Type": "application/json; charset=utf-8"}


@pytest.fixture
def client(clinic: Callable[..., FlaskClient]) -> FlaskClient:
    return clinic()


@pytest.mark.parametrize("path", ["/health/api", "/api/nope", "/api/users"])
def test_every_answer_carries_the_headers(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert {name: response.headers[name] for name in HEADERS} == HEADERS
    assert response.headers["ETag"].startswith(f'W/"{len(response.data):x}-')
    assert len(response.headers["ETag"].strip('W/"').partition("-")[2]) == 27


def test_the_same_body_has_the_same_etag(client: FlaskClient) -> None:
    tags = [client.get(path).headers["ETag"] for path in ("/health/api", "/api/nope", "/nope")]
    assert tags[0] != tags[1] == tags[2]


def test_a_preflight_is_answered_whatever_the_path(client: FlaskClient) -> None:
    response = client.options("/api/nope")
    assert (response.status_code, response.data, response.content_type) == (204, b"", None)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/API/Users/1", 200),
        ("/api/users/1/", 200),
        ("/api/users//", 200),
        ("/api/users///", 404),
        ("/api//users", 404),
        ("//api/users", 404),
        ("/api/catalogs/tipo-cita//", 404),
        ("/", 404),
    ],
)
def test_case_and_a_last_slash_do_not_count(admin: Person, path: str, status: int) -> None:
    # Not through the client's own way with paths, which would take // for the name of a host.
    headers = {"Authorization": f"Bearer {admin.token}"}
    response = admin.client.open("/", headers=headers, environ_overrides={"PATH_INFO": path})
    assert response.status_code == status


def test_a_parameter_keeps_its_case(admin: Person) -> None:
    assert admin.get("/API/USERS/ABC").json == {"error": 'invalid input syntax for type integer: "ABC"'}


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ('{"a" 1}', "Expected ':' after property name in JSON at position 5"),
        ('{"a": 1,}', "Expected double-quoted property name in JSON at position 8"),
        ('{"a": "b', "Unterminated string in JSON at position 6"),
        ('{"a": ', "Unexpected end of JSON input"),
        ('{"a": x}', 'Unexpected token \'x\', "{"a": x}" is not valid JSON'),
        ("null", "Unexpected token 'n', \"null\" is not valid JSON"),
        ("{} {}", "Unexpected non-whitespace character after JSON at position 3"),
    ],
)
def test_a_body_that_is_no_json_is_refused_before_the_token(client: FlaskClient, sent: str, error: str) -> None:
    response = client.post("/api/users", data=sent, content_type="application/json")
    assert (response.status_code, response.get_json()) == (400, {"error": error})


def test_a_packed_body_is_unpacked(client: FlaskClient) -> None:
    packed = gzip.compress(json.dumps({"username": "admin", "password": "password123"}).encode())
    sent = {"data": packed, "content_type": "application/json"}
    assert client.post("/api/auth/login", **sent, headers={"Content-Encoding": "gzip"}).status_code == 200
    response = client.post("/api/auth/login", **sent, headers={"Content-Encoding": "br"})
    assert (response.status_code, response.get_json()) == (415, {"error": 'unsupported content encoding "br"'})


def test_a_bomb_is_refused_unexploded(client: FlaskClient) -> None:
    packed = gzip.compress(b'{"a":"' + b"y" * 10_000_000 + b'"}')
    response = client.post(
        "/api/users", data=packed, content_type="application/json", headers={"Content-Encoding": "gzip"}
    )
    assert (response.status_code, response.get_json()) == (413, {"error": "request entity too large"})


def test_the_query_has_lists_and_objects(admin: Person) -> None:
    reply = admin.get("/api/users?limit=2&limit=3")
    assert reply.json == {"error": 'invalid input syntax for type bigint: "{"2","3"}"'}
    assert admin.get("/api/users?search=pat&search=ient").json["pagination"]["total"] == 0
    assert admin.get("/api/users?search[x]=patient").json["pagination"]["total"] == 0
    assert admin.get("/api/users?limit[x]=1").json == {
        "error": 'invalid input syntax for type bigint: "{"limit[x]":"1"}"'
    }
