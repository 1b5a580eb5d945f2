"""A tap on the wire: passes bytes between the suite and a server, and keeps the request lines that go through."""

import re
import socket
import ssl
import threading
from contextlib import suppress


class Tap:
    """Listens on a free port for the server on `port`; `requests` are `METHOD /path?query`, in their order.

    With a `certificate` (its file and its key's) it speaks TLS to the suite.
    """

    def __init__(self, port, host="127.0.0.1", certificate=None):
        self._port = port
        self._listener = socket.create_server((host, 0))
        self._tls = None
        if certificate:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(*certificate)
        self.url = f"{'https' if certificate else 'http'}://{host}:{self._listener.getsockname()[1]}"
        self.requests = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, peer = self._listener.accept()
            except OSError:
                return
            if self._tls:
                with suppress(OSError):  # a client that does not trust the certificate
                    client = self._tls.wrap_socket(client, server_side=True)
            server = socket.create_connection(("127.0.0.1", self._port))
            for source, target in ((client, server), (server, client)):
                threading.Thread(target=self._pass_on, args=(source, target, peer), daemon=True).start()

    def _pass_on(self, source, target, peer):
        try:
            while data := source.recv(65536):
                self._note(peer, data)
                target.sendall(data)
        except OSError:
            pass
        finally:
            for end in (source, target):
                end.close()

    def _note(self, peer, data):
        if line := re.match(rb"([A-Z]+) (\S+) HTTP/1.1", data):
            self.requests.append(b" ".join(line.groups()).decode())

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
