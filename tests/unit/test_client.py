"""The client: a read-only run writes in neither way, and requests written by hand carry the token."""

from locust.contrib.fasthttp import FastHttpSession
from locust.env import Environment
from locust.event import Events

from contextlib import closing
from types import SimpleNamespace

import pytest

from api.client import ApiClient
from api.endpoints import DELETE_USER, SIGN_IN, UPDATE_USER
from api.failures import WritingRefused
from api.server import Limits, Server
from tests.scripted_server import ScriptedServer, ok

SIGNED_IN = b'{"token":"t","user":{"id":1,"username":"ana","email":"a@b","role":"Paciente"}}'


def client_of(url="http://127.0.0.1:9", read_only=False, rows=None):
    """An admin's client; `rows` are what it reports to Locust."""
    user = SimpleNamespace(environment=Environment(events=Events()), context=lambda: {"role": "admin"})
    user.environment.events.request.add_listener(lambda **row: rows.append(row))
    client = ApiClient(user, Server(url), Limits(), read_only)
    client.tokens = SimpleNamespace(token=lambda: "mine")
    return client


@pytest.fixture
def sent(monkeypatch):
    """The requests written by hand, as they would go out through Locust's own session."""
    sent = []
    monkeypatch.setattr(
        FastHttpSession, "request", lambda self, method, url, headers, **_: sent.append((method, url, headers))
    )
    return sent


@pytest.mark.parametrize("endpoint", [DELETE_USER, UPDATE_USER])
def test_a_read_only_client_refuses_to_write_and_sends_nothing(endpoint):
    rows = []
    client = client_of(read_only=True, rows=rows)
    with pytest.raises(WritingRefused, match=f"{endpoint.method} /api/users/{{id}} would write"):
        client.call(endpoint, id=1)
    assert rows == []


def test_a_read_only_client_may_sign_in():
    rows = []
    with (
        closing(ScriptedServer([[ok(SIGNED_IN)]])) as server,
        closing(client_of(server.url, read_only=True, rows=rows)) as client,
    ):
        assert client.call(SIGN_IN, {"username": "ana", "password": "x"}).token == "t"
    assert [(row["request_type"], row["exception"]) for row in rows] == [("POST", None)]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_read_only_client_refuses_what_is_written_by_hand_too(sent, method):
    client = client_of(read_only=True)
    with pytest.raises(WritingRefused, match=f"{method.upper()} /x would write"):
        getattr(client, method)("/x")
    client.get("/y")
    assert [(method, url) for method, url, _ in sent] == [("GET", "/y")]


def test_a_request_written_by_hand_carries_the_token_unless_it_has_its_own(sent):
    client = client_of()
    client.get("/x", headers={"Accept": "text/csv"})
    client.get("/x", headers={"Authorization": "Basic abc"})
    assert [headers for _, _, headers in sent] == [
        {"Accept": "text/csv", "Authorization": "Bearer mine"},
        {"Authorization": "Basic abc"},
    ]


def moved(url, code=302):
    return b"HTTP/1.1 %d Moved\r\nLocation: %b\r\nContent-Length: 0\r\n\r\n" % (code, url.encode())


def elsewhere(url):
    """The same machine under another name, and another port of the same name."""
    return [url.replace("127.0.0.1", "localhost"), "http://127.0.0.1:9", "//localhost:9", "https://127.0.0.1:9"]


@pytest.mark.parametrize("way", range(4))
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_redirect_to_another_server_is_a_failed_row_and_not_followed(method, way):
    rows, script = [], []
    with (
        closing(ScriptedServer([script, [ok(b"followed")]])) as server,
        closing(client_of(server.url, rows=rows)) as client,
    ):
        script.append(moved(elsewhere(server.url)[way] + "/y", 307))
        getattr(client, method)("/x")
        assert [line for _, line in server.requests] == [b"%b /x HTTP/1.1" % method.upper().encode()]
    ((name, failure),) = [(row["name"], row["exception"]) for row in rows]
    assert name == "/x"
    assert str(failure) == "it leads to another server than --host, and was not sent there"


def test_an_address_written_by_hand_leads_to_the_server_of_the_run_only():
    rows = []
    with closing(ScriptedServer([[ok(b"1")]])) as server, closing(client_of(server.url, rows=rows)) as client:
        client.get(f"{server.url}/x", name="own")
        for url in elsewhere(server.url):
            client.get(f"{url}/x" if "://" in url else f"http:{url}/x", name="other")
        assert server.requests == [(0, b"GET /x HTTP/1.1")]
    assert [(row["name"], bool(row["exception"])) for row in rows] == [("own", False)] + [("other", True)] * 4


def test_a_redirect_within_the_server_is_followed():
    rows = []
    with (
        closing(ScriptedServer([[moved("/y"), ok(b"followed")]])) as server,
        closing(client_of(server.url, rows=rows)) as client,
    ):
        assert client.get("/x").content == b"followed"
    assert [row["exception"] for row in rows] == [None]


def test_a_request_written_by_hand_may_tell_the_apis_words_but_no_secret():
    rows = []
    with (
        closing(ScriptedServer([[ok(b"your token is mine, your password sesame")]])) as server,
        closing(client_of(server.url, rows=rows)) as client,
    ):
        client.secrets = ["sesame"]
        with client.get("/x", catch_response=True) as answer:
            answer.failure(answer.text)
    assert [str(row["exception"]) for row in rows] == ["your token is [hidden], your password [hidden]"]
