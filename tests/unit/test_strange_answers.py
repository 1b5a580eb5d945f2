"""Answers against the rules of HTTP: each ends in a failure or in what it says, and none spoils the next one."""

import pytest

from api.failures import NoAnswer
from api.transport.server import Limits
from tests.scripted_server import body_of, connected, ok

HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
LATE = "no whole answer within 0.2 s"
MORE = "more came than the answer to this request"
INVALID = "the answer is not valid HTTP"

CASES = {
    "204 with a body": (b"HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nbody", MORE),
    "304 with a body": (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 4\r\n\r\nbody", MORE),
    "a length too short": (HEAD + b"Content-Length: 2\r\n\r\n{} and more", MORE),
    "a length too long": (HEAD + b"Content-Length: 20\r\n\r\n{}", LATE),
    "a negative length": (HEAD + b"Content-Length: -1\r\n\r\n{}", INVALID),
    "a length that is no number": (HEAD + b"Content-Length: many\r\n\r\n{}", INVALID),
    "two lengths": (HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", INVALID),
    "a length and chunks": (
        HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        INVALID,
    ),
    "a chunk size that is no number": (CHUNKED + b"xyz\r\n{}\r\n0\r\n\r\n", INVALID),
    "a negative chunk size": (CHUNKED + b"-2\r\n{}\r\n0\r\n\r\n", INVALID),
    "a chunk size beyond all memory": (CHUNKED + b"ffffffffffffffff1\r\n{}", INVALID),
    "a chunk that is longer than it says": (CHUNKED + b"1\r\n{}\r\n0\r\n\r\n", INVALID),
    "chunks without an end": (CHUNKED + b"2\r\n{}\r\n", LATE),
    "an upgrade that nobody asked for": (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        INVALID,
    ),
    "interim answers without end": (b"HTTP/1.1 100 Continue\r\n\r\n" * 100, LATE),
    "HTTP/0.9": (b"{}", INVALID),
    "HTTP/2": (b"\x00\x00\x12\x04\x00\x00\x00\x00\x00", INVALID),
    "line ends without CR": (b"HTTP/1.1 200 OK\nContent-Length: 2\n\n{}", INVALID),
    "NUL in a header": (HEAD + b"X: a\x00b\r\nContent-Length: 2\r\n\r\n{}", INVALID),
}


@pytest.mark.parametrize(("raw", "message"), CASES.values(), ids=CASES.keys())
def test_an_answer_against_the_rules_is_a_failure_and_the_next_one_comes_whole(raw, message):
    with connected([raw, stay_open], [ok(b"next")], read_seconds=0.2) as (_, connection):
        with pytest.raises(NoAnswer) as failure:
            body_of(connection)
        assert str(failure.value) == message
        connection._limits = Limits()
        assert body_of(connection) == b"next"


def test_http_1_0_is_understood_and_kept_alive_only_when_it_says_so():
    old = b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n"
    with connected([old + b"Connection: keep-alive\r\n\r\n1", old + b"\r\n2"], [ok(b"3")]) as (server, connection):
        assert [body_of(connection) for _ in range(3)] == [b"1", b"2", b"3"]
        assert [number for number, _ in server.requests] == [0, 0, 1]


def stay_open(connection):
    while connection.recv(65536):
        pass
