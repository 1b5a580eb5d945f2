"""One connection against a real socket: kept, reopened, limited in time and size, and honest about what went wrong."""

import gc
import gzip
import socket
import struct
import threading
import time
from contextlib import suppress

import pytest

from api.failures import ClosedUnanswered, NoAnswer
from api.transport import wire
from api.transport.answer import Answer
from api.transport.connection import Connection
from api.transport.server import Limits, Server
from tests.scripted_server import REQUEST, body_of, connected, ok

EXCHANGES = 50


def test_one_connection_serves_many_requests():
    with connected([ok(b"1"), ok(b"2"), ok(b"3")]) as (server, connection):
        assert [body_of(connection) for _ in range(3)] == [b"1", b"2", b"3"]
        assert {number for number, _ in server.requests} == {0}


def test_an_idle_connection_that_is_still_open_is_used_again():
    with connected([ok(b"1"), ok(b"2")]) as (server, connection):
        assert body_of(connection) == b"1"
        time.sleep(0.2)
        assert body_of(connection) == b"2"
        assert {number for number, _ in server.requests} == {0}


@pytest.mark.parametrize("content", [ok(b"1"), ok(b"1")[:-1], b"no HTTP"], ids=["whole", "cut off", "not HTTP"])
def test_no_answer_waits_for_a_garbage_collection(content):
    """Thousands of them, of up to --max-answer bytes, may come until there is one."""
    gc.collect()
    gc.disable()
    try:
        with connected([content]) as (_, connection), suppress(NoAnswer):
            connection.exchange(REQUEST)
        assert not [left for left in gc.get_objects() if isinstance(left, Answer)]
    finally:
        gc.enable()


def test_no_answer_has_come_before_it_was_asked_for(monkeypatch):
    """The kernel notes by the wall clock: one that is set ahead by an hour makes the note an hour old."""
    wall = time.time
    monkeypatch.setattr(wire.time, "time", lambda: wall() + 3600)
    with connected([ok(b"1")] * EXCHANGES) as (_, connection):
        for _ in range(EXCHANGES):  # the kernel takes its time before it begins to note
            answer = connection.exchange(REQUEST)
            assert answer.asked < answer.arrived <= time.perf_counter()
            time.sleep(0.005)


def test_a_connection_the_server_closed_while_idle_is_opened_again_unseen():
    with connected([ok(b"1")], [ok(b"2")]) as (server, connection):
        assert body_of(connection) == b"1"
        time.sleep(0.2)
        assert body_of(connection) == b"2"
        assert [number for number, _ in server.requests] == [0, 1]


def test_the_servers_keep_alive_word_is_heeded():
    with connected([ok(b"1", b"Keep-Alive: timeout=1\r\n"), ok(b"never")], [ok(b"2")]) as (_, connection):
        assert body_of(connection) == b"1"
        time.sleep(0.15)
        assert body_of(connection) == b"2"


@pytest.mark.parametrize(
    ("header", "pause", "idle"),
    [(b"", 0.2, True), (b"", 0.0, False), (b"Keep-Alive: timeout=5\r\n", 0.2, False)],
    ids=["idle", "busy", "promised to stay open"],
)
def test_only_an_idle_connection_without_a_promise_may_close_at_the_moment_of_use(header, pause, idle):
    with connected([ok(b"1", header), b""], [ok(b"2")]) as (server, connection):
        assert body_of(connection) == b"1"
        time.sleep(pause)
        with pytest.raises(ClosedUnanswered, match="closed the connection without an answer") as closed:
            body_of(connection)
        # On a machine that was held up, the pause may have been long enough to be idle.
        assert closed.value.idle == idle or not pause
        assert len(server.requests) == 2
        assert body_of(connection) == b"2"


def test_a_reset_in_the_midst_of_an_answer_is_no_closed_connection():
    def reset(connection):
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal")
        time.sleep(0.2)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with connected([ok(b"1"), reset]) as (_, connection):
        assert body_of(connection) == b"1"
        time.sleep(0.2)
        with pytest.raises(NoAnswer, match="broke in the midst of the answer: Connection reset by peer") as broken:
            body_of(connection)
        assert not isinstance(broken.value, ClosedUnanswered)


def test_a_new_connection_that_is_closed_at_once_is_a_failure():
    with connected([b""]) as (_, connection), pytest.raises(NoAnswer, match="without an answer"):
        body_of(connection)


def test_connection_close_is_obeyed():
    with connected([ok(b"1", b"Connection: close\r\n")], [ok(b"2")]) as (server, connection):
        assert body_of(connection) == b"1"
        assert body_of(connection) == b"2"
        assert [number for number, _ in server.requests] == [0, 1]


def test_chunked_and_zipped_answers_are_read():
    zipped = gzip.compress(b"plain" * 100)
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n"
    chunked += b"%x\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (5, zipped[:5], len(zipped) - 5, zipped[5:])
    with connected([chunked]) as (_, connection):
        assert body_of(connection) == b"plain" * 100


def test_an_answer_without_length_ends_with_the_connection():
    with connected([b"HTTP/1.0 200 OK\r\n\r\nall of it"]) as (_, connection):
        assert body_of(connection) == b"all of it"


def test_an_interim_answer_is_passed_over():
    with connected([b"HTTP/1.1 103 Early Hints\r\n\r\n" + ok(b"1")]) as (_, connection):
        answer = connection.exchange(REQUEST)
        assert (answer.status_code, answer.body) == (200, b"1")


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", "closed before the end of the answer"),
        (b"HTTP/1.1 200 OK\r\nConte", "closed before the end of the answer"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "not valid HTTP"),
        (ok(b"not gzip", b"Content-Encoding: gzip\r\n"), "not valid gzip"),
        (ok(b"x" * 2000), "larger than 1000 bytes"),
        (ok(gzip.compress(b"x" * 2000, mtime=0), b"Content-Encoding: gzip\r\n"), "larger than 1000 bytes"),
    ],
)
def test_a_broken_or_oversized_answer_is_a_failure_with_a_stable_message(answer, message):
    with connected([answer], answer_bytes=1000) as (_, connection), pytest.raises(NoAnswer, match=message):
        body_of(connection)


def test_a_silent_server_is_given_up_after_the_read_timeout():
    with (
        connected([b"HTTP/1.1 200 OK\r\n", lambda c: c.recv(1)], read_seconds=0.2) as (_, connection),
        pytest.raises(NoAnswer, match=r"no whole answer within 0\.2 s"),
    ):
        body_of(connection)


def test_a_trickling_server_is_given_up_after_the_request_timeout():
    def trickle(connection):
        for _ in range(50):
            connection.sendall(b"x")
            time.sleep(0.02)

    head = b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"
    with (
        connected([head, trickle], request_seconds=0.3) as (_, connection),
        pytest.raises(NoAnswer, match=r"no whole answer within 0\.3 s"),
    ):
        body_of(connection)


@pytest.mark.parametrize("head", [[], [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"]], ids=["nothing", "a head"])
def test_the_request_timeout_ends_also_a_single_long_wait(head):
    def stay_silent(connection):
        while connection.recv(65536):
            pass

    with (
        connected([*head, stay_silent], read_seconds=30, request_seconds=0.2) as (_, connection),
        pytest.raises(NoAnswer, match=r"no whole answer within 0\.2 s"),
    ):
        body_of(connection)


def test_an_answer_that_comes_too_late_is_never_taken_for_the_next_one():
    def answer_late(connection):
        connection.recv(65536)
        connection.recv(65536)  # until something else comes on this connection, or it is closed
        connection.sendall(ok(b"late"))

    with connected([ok(b"1"), answer_late], [ok(b"2")], read_seconds=0.2) as (_, connection):
        assert body_of(connection) == b"1"
        with pytest.raises(NoAnswer):
            body_of(connection)
        assert body_of(connection) == b"2"


@pytest.mark.parametrize("stray", [ok(b"stray"), b"\r\n", b"HTTP/1.1 408 Request Timeout\r\n\r\n"])
def test_what_comes_unasked_after_an_answer_is_never_taken_for_the_next_one(stray):
    answered, strayed = threading.Event(), threading.Event()

    def send_unasked(connection):
        answered.wait(10)
        connection.sendall(stray)
        strayed.set()
        connection.recv(65536)

    with connected([ok(b"1"), send_unasked], [ok(b"2")]) as (_, connection):
        assert body_of(connection) == b"1"
        answered.set()
        strayed.wait(10)
        assert body_of(connection) == b"2"


def test_nobody_listening_is_a_failure_that_says_so():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(NoAnswer, match="could not connect: Connection refused"):
        Connection(Server(url), Limits()).exchange(REQUEST)


@pytest.mark.parametrize(
    ("failure", "message"),
    [
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "Name or service not known"),
        (socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"), "Temporary failure in name res"),
    ],
)
def test_a_name_that_is_not_found_any_more_is_a_failure_that_says_so(monkeypatch, failure, message):
    """Each new connection asks for it again."""
    with connected([ok(b"1", b"Connection: close\r\n")], [ok(b"2")]) as (_, connection):
        assert body_of(connection) == b"1"
        with monkeypatch.context() as patched:

            def look_up(*_, **__):
                raise failure

            patched.setattr("gevent.socket.getaddrinfo", look_up)
            with pytest.raises(NoAnswer, match=f"could not connect: {message}"):
                body_of(connection)
        assert body_of(connection) == b"2"


def test_a_base_url_is_taken_apart_once():
    server = Server("https://cms.example:8443/base/")
    assert (server.address, server.prefix) == (("cms.example", 8443), "/base")
    assert "Host: cms.example:8443\r\n" in server.head
    assert Server("https://cms.example").address == ("cms.example", 443)
    assert Server("http://cms.example").tls is None
    assert Server("https://cms.example").tls.check_hostname
    assert not Server("https://cms.example", verify_tls=False).tls.check_hostname
