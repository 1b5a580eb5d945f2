"""Connections over TLS: checked by default, one context for all, and `verify_tls=False` for a home-made certificate."""

import socket
import ssl
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer

import gevent.socket
import pytest

from api.failures import NoAnswer
from api.transport.connection import Connection
from api.transport.server import Limits, Server
from api.transport.tls_wire import TlsWire
from tests.conftest import make_certificate
from tests.processes import PATIENCE

REQUEST = b"GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    connections = 0

    def setup(self):
        Answering.connections += 1
        super().setup()

    def do_GET(self):
        body = b'{"secure": true}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_): ...


@pytest.fixture
def context(certificate):
    """What the server speaks TLS with; another certificate may be loaded at any time."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


@pytest.fixture
def url(context):
    """A server that speaks TLS with that certificate."""
    server = HTTPServer(("127.0.0.1", 0), Answering)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # a client that refuses the certificate is what is tried here
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"https://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def body_of(server, times=1):
    connection = Connection(server, Limits(connect_seconds=5, read_seconds=5))
    try:
        return [connection.exchange(REQUEST).body for _ in range(times)][-1]
    finally:
        connection.close()


def test_a_certificate_that_nobody_vouches_for_is_refused_with_a_stable_reason(url):
    with pytest.raises(NoAnswer, match=r"could not connect: .*certificate"):
        body_of(Server(url))


def test_insecure_takes_any_certificate_and_keeps_the_connection(url):
    before = Answering.connections
    assert body_of(Server(url, verify_tls=False), times=3) == b'{"secure": true}'
    assert Answering.connections == before + 1


def test_a_certificate_that_is_trusted_is_accepted(url, certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    assert body_of(Server(url)) == b'{"secure": true}'


def test_a_certificate_that_is_no_longer_good_fails_the_next_connection(
    url, context, certificate, tmp_path, monkeypatch
):
    """As when it is renewed by mistake, or runs out: what is open stays open."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    server = Server(url)
    connection = Connection(server, Limits())
    try:
        assert connection.exchange(REQUEST).status_code == 200
        context.load_cert_chain(*make_certificate(tmp_path))
        assert connection.exchange(REQUEST).status_code == 200
        connection.close()
        with pytest.raises(NoAnswer, match=r"could not connect: .*certificate"):
            connection.exchange(REQUEST)
    finally:
        connection.close()


def test_one_context_serves_all_connections():
    server = Server("https://localhost")
    assert server.tls is server.tls
    assert server.tls.minimum_version >= ssl.TLSVersion.TLSv1_2


@contextmanager
def speaking_byte_by_byte(context, content, pause):
    """A server that sends `content` in one record, and each byte of it on its own; yields the port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        peer, _ = listener.accept()
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(incoming, outgoing, server_side=True)
        with peer, suppress(OSError):
            while True:
                with suppress(ssl.SSLWantReadError):
                    tls.do_handshake()
                    tls.read(1000)
                    break
                peer.sendall(outgoing.read())
                incoming.write(peer.recv(65536))
            tls.write(content)
            for byte in outgoing.read():
                peer.sendall(bytes([byte]))
                time.sleep(pause)

    server = threading.Thread(target=serve)
    server.start()
    with listener:
        yield listener.getsockname()[1]
    server.join()


@contextmanager
def wire_to(port):
    insecure = Server(f"https://127.0.0.1:{port}", verify_tls=False).tls
    wire = TlsWire(gevent.socket.create_connection(("127.0.0.1", port)), insecure, "127.0.0.1", PATIENCE)
    try:
        wire.send(REQUEST)
        yield wire
    finally:
        wire.close()


def test_a_record_that_comes_in_pieces_is_put_together(context):
    with speaking_byte_by_byte(context, b"an answer", 0) as port, wire_to(port) as wire:
        assert wire.receive(PATIENCE) == b"an answer"


def test_a_record_that_never_gets_whole_is_given_up_in_time(context):
    with (
        speaking_byte_by_byte(context, b"an answer" * 1000, 0.02) as port,
        wire_to(port) as wire,
        pytest.raises(TimeoutError),
    ):
        wire.receive(0.5)


def test_the_kernels_note_says_when_an_encrypted_answer_came(context, monkeypatch):
    monkeypatch.setattr("api.transport.wire._seconds_since", lambda _: 1000.0)
    with speaking_byte_by_byte(context, b"an answer", 0) as port, wire_to(port) as wire:
        assert wire.receive(PATIENCE)
        assert time.perf_counter() - wire.arrived >= 1000


def test_a_peer_that_leaves_without_a_word_has_closed(context):
    with speaking_byte_by_byte(context, b"an answer", 0) as port, wire_to(port) as wire:
        assert wire.receive(PATIENCE) == b"an answer"
        assert wire.receive(PATIENCE) == b""
