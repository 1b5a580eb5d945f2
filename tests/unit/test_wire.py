"""The socket under a connection: it knows when bytes came, even when nobody looked until later."""

import socket
import sys
import time

import gevent
import pytest

from api.transport.wire import PlainWire
from tests.processes import PATIENCE

HELD_UP_SECONDS = 0.2


@pytest.fixture
def ends():
    """A wire and the socket at its other end."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        opened = socket.create_connection(listener.getsockname())
        far, _ = listener.accept()
    wire = PlainWire(opened)
    yield wire, far
    wire.close()
    far.close()


def wait_until_the_kernel_takes_notes(wire, far):
    """It begins to some milliseconds after the first socket of the machine has asked for them."""
    deadline = time.monotonic() + PATIENCE
    dated_back = 0.0
    while dated_back < 0.01:
        assert time.monotonic() < deadline, "the kernel takes no notes"
        far.sendall(b"x")
        time.sleep(0.02)
        wire.receive(1)
        dated_back = time.perf_counter() - wire.arrived


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux notes when bytes arrive")
def test_bytes_that_had_to_wait_for_us_are_dated_back(ends):
    wire, far = ends
    wait_until_the_kernel_takes_notes(wire, far)
    asked = time.perf_counter()
    far.sendall(b"second")
    while not wire.has_news():
        time.sleep(0.001)
    there = time.perf_counter()
    time.sleep(HELD_UP_SECONDS)
    assert wire.receive(1) == b"second"
    assert asked - 1 < wire.arrived < there + HELD_UP_SECONDS / 2


def test_more_than_the_kernel_takes_at_once_is_sent_whole(ends):
    wire, far = ends
    content = bytes(range(256)) * 40_000
    received = bytearray()

    def read():
        far.setblocking(False)
        while len(received) < len(content):
            gevent.socket.wait_read(far.fileno())
            received.extend(far.recv(1 << 20))

    reader = gevent.spawn(read)
    wire.send(content)
    reader.join(10)
    assert received == content


def test_patience_ends_and_the_wire_works_on(ends):
    wire, far = ends
    for patience in (0.05, 0.05, 0.1):
        with pytest.raises(TimeoutError):
            wire.receive(patience)
    far.sendall(b"late")
    assert wire.receive(1) == b"late"


def test_news_are_unasked_bytes_and_the_peers_end(ends):
    wire, far = ends
    assert not wire.has_news()
    far.sendall(b"x")
    assert wire.has_news()
    wire.receive(1)
    assert not wire.has_news()
    far.close()
    assert wire.has_news()


def test_a_closed_peer_is_an_empty_answer(ends):
    wire, far = ends
    far.close()
    assert wire.receive(1) == b""


def test_each_wait_has_its_whole_patience_however_long_the_others_were(ends):
    wire, far = ends
    for _ in range(8):
        gevent.spawn_later(0.2, far.sendall, b"in time")
        assert wire.receive(1) == b"in time"
