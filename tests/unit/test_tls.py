"""Connections over TLS: checked by default, one context for all, and `verify_tls=False` for a home-made certificate."""

import ssl
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from api.failures import NoAnswer
from api.transport.connection import Connection
from api.transport.server import Limits, Server
from tests.conftest import make_certificate

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
