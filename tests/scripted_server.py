"""A server that answers by script, for what no real server does when it is wanted."""

import socket
import threading
from contextlib import contextmanager, suppress

from api.transport.connection import Connection
from api.transport.server import Limits, Server

REQUEST = b"GET /x HTTP/1.1\r\nHost: x\r\n\r\n"


def ok(body=b"{}", headers=b""):
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n%b\r\n%b" % (len(body), headers, body)


class ScriptedServer:
    """Accepts connections one after the other, and each plays its script.

    Bytes are an answer to the next request; a function gets the connection and does with it what it likes.
    """

    def __init__(self, scripts):
        self.requests = []
        self._scripts = scripts
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self):
        for number, script in enumerate(self._scripts):
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, suppress(OSError):
                connection.settimeout(10)
                self._play(connection, number, script)

    def _play(self, connection, number, script):
        for step in script:
            if callable(step):
                step(connection)
                continue
            if not (request := connection.recv(65536)):
                return
            self.requests.append((number, request.split(b"\r\n")[0]))
            connection.sendall(step)

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()


@contextmanager
def connected(*scripts, **limits):
    """The server that plays these scripts, and a connection to it with these limits."""
    server = ScriptedServer(scripts)
    connection = Connection(Server(server.url), Limits(**limits))
    try:
        yield server, connection
    finally:
        connection.close()
        server.close()


def body_of(connection, request=REQUEST):
    return connection.exchange(request).body
