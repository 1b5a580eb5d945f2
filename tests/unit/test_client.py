"""The client: a read-only run writes in neither way, and requests written by hand carry the token."""

from locust.contrib.fasthttp import FastHttpSession
from locust.env import Environment
from locust.event import Events

import time
from contextlib import closing
from types import SimpleNamespace

import gevent
import pytest

from api.endpoints import API_HEALTH, CREATE_INSURER, DELETE_USER, LIST_APPOINTMENTS, SIGN_IN, UPDATE_USER, WHO_AM_I
from api.failures import TaskCannotGoOn, WritingRefused
from api.transport.client import ApiClient
from api.transport.server import Limits, Server
from tests.scripted_server import ScriptedServer, ok

SIGNED_IN = b'{"token":"t","user":{"id":1,"username":"ana","email":"a@b","role":"Paciente"}}'


def client_of(url="http://127.0.0.1:9", read_only=False, rows=None, **limits):
    """An admin's client; `rows` are what it reports to Locust."""
    user = SimpleNamespace(environment=Environment(events=Events()), context=lambda: {"role": "admin"})
    user.environment.events.request.add_listener(lambda **row: rows.append(row))
    client = ApiClient(user, Server(url), Limits(**limits), read_only)
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


def rows_of_a_call(scripts, call):
    """What a client reports to Locust of one call to a server that plays these scripts, and how the call ended."""
    rows, failure = [], None
    with closing(ScriptedServer(scripts)) as server, closing(client_of(server.url, rows=rows)) as client:
        try:
            call(client)
        except TaskCannotGoOn as ended:
            failure = ended
    return [(f"{row['request_type']} {row['name']}", str(row["exception"] or "")) for row in rows], failure, server


def after_a_pause(endpoint, *body, **params):
    def call(client):
        client.call(API_HEALTH)
        time.sleep(0.2)
        client.call(endpoint, *body, **params)

    return call


UP = ok(b'{"status":"ok","timestamp":"2026-01-01T00:00:00Z","api":{"status":"ok","endpoints":{}}}')
PERSON = ok(b'{"id":1,"username":"ana","email":"a@b","phone":null,"role":"Paciente"}')


def test_a_repeat_after_an_idle_connection_was_closed_is_a_row_of_its_own():
    rows, failure, server = rows_of_a_call([[UP, b""], [PERSON]], after_a_pause(WHO_AM_I))
    assert rows == [
        ("GET /health/api", ""),
        ("CONNECTION closed while idle, asked again", ""),
        ("GET /api/auth/me", ""),
    ]
    assert failure is None
    assert [line for _, line in server.requests].count(b"GET /api/auth/me HTTP/1.1") == 2


def test_a_second_close_and_a_close_of_a_write_are_failures():
    rows, failure, _ = rows_of_a_call([[UP, b""], [b""]], after_a_pause(WHO_AM_I))
    assert rows[-1] == ("GET /api/auth/me", "the server closed the connection without an answer")
    assert failure is not None
    rows, failure, server = rows_of_a_call([[UP, b""]], after_a_pause(SIGN_IN, {}))
    assert rows[-1] == ("POST /api/auth/login", "the server closed the connection without an answer")
    assert len(server.requests) == 2


NESTED = b'{"data":[],"pagination":{"total":0,"limit":10,"offset":0},"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@pytest.mark.parametrize(
    "answer",
    [ok(NESTED), ok(b"[" * 100_000), ok(b"\xff\xfe{}"), ok(b""), ok(b"null"), ok(b'{"data":null}')],
    ids=["deep in an unknown field", "deep", "not UTF-8", "empty", "null", "no rows"],
)
def test_whatever_is_wrong_with_an_answer_is_one_failed_row(answer):
    rows, failure, _ = rows_of_a_call([[answer]], lambda client: client.call(LIST_APPOINTMENTS, limit=10))
    ((name, why),) = rows
    assert name == "GET /api/appointments/citas"
    assert why.startswith("expected ")
    assert failure is not None


def test_a_defect_in_a_check_is_one_failed_row_and_no_traceback():
    def accept(_):
        raise TypeError("can't compare offset-naive and offset-aware datetimes")

    rows, failure, _ = rows_of_a_call([[UP]], lambda client: client.call(API_HEALTH, accept=accept))
    assert rows == [("GET /health/api", "expected an answer that can be checked, got TypeError")]
    assert str(failure) == rows[0][1]


def test_a_user_that_is_stopped_while_it_waits_leaves_a_failed_row_with_its_age():
    rows = []
    with closing(ScriptedServer([[lambda connection: connection.recv(65536), hang]])) as server:
        client = client_of(server.url, rows=rows, cut_off_seconds=0.1)
        asking = gevent.spawn(client.call, API_HEALTH)
        gevent.sleep(0.3)
        assert client.asking is API_HEALTH
        asking.kill()
        client.close()
    ((row),) = rows
    assert (row["name"], str(row["exception"])) == ("/health/api", "no answer yet when the user was stopped")
    assert row["response_time"] >= 250
    assert client.asking is None


def test_a_user_that_is_stopped_a_moment_after_it_asked_leaves_none():
    rows = []
    with closing(ScriptedServer([[hang]])) as server:
        client = client_of(server.url, rows=rows, cut_off_seconds=600)
        asking = gevent.spawn(client.call, API_HEALTH)
        gevent.sleep(0.2)
        asking.kill()
        client.close()
    assert rows == []


def hang(connection):
    while connection.recv(65536):
        pass


def test_nothing_of_an_answer_outlives_its_row():
    """Locust keeps one exception per failure; with its traceback it would keep the frames, and so the body."""
    kept = []
    with (
        closing(ScriptedServer([[ok(b"x" * 1_000_000)]])) as server,
        closing(client_of(server.url, rows=kept)) as client,
        pytest.raises(TaskCannotGoOn),
    ):
        client.call(API_HEALTH)
    failure = kept[0]["exception"]
    assert (failure.__traceback__, failure.__context__, failure.__cause__) == (None, None, None)


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


def test_a_redirect_that_leads_back_to_itself_is_a_failed_row():
    rows = []
    with (
        closing(ScriptedServer([[moved("/x")] * 100])) as server,
        closing(client_of(server.url, rows=rows)) as client,
    ):
        client.get("/x")
        assert len(server.requests) < 100
    assert [bool(row["exception"]) for row in rows] == [True]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_redirect_of_a_route_is_a_failed_row_and_not_followed(method):
    route = API_HEALTH if method == "GET" else CREATE_INSURER
    rows, _, server = rows_of_a_call([[moved("/y"), ok(b"followed")]], lambda client: client.call(route))
    assert rows == [(str(route), f"expected status {route.status}, got 302")]
    assert len(server.requests) == 1


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
