"""A read-only run sends nothing but GET and sign-ins, as seen on the wire."""

import re
import socket
import threading

import pytest

from tests.processes import own_master_port


class Tap:
    """Passes bytes on to a server and keeps the request lines that go through."""

    def __init__(self, port):
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.requests = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._port))
            for source, target in ((client, server), (server, client)):
                threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source, target):
        try:
            while data := source.recv(65536):
                if line := re.match(rb"([A-Z]+) (/[^ ?]*)\S* HTTP/1.1", data):
                    self.requests.append(b" ".join(line.groups()).decode())
                target.sendall(data)
        except OSError:
            pass
        finally:
            for end in (source, target):
                end.close()

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@pytest.fixture
def tap(sandbox):
    tap = Tap(int(sandbox.url.rsplit(":", 1)[1]))
    yield tap
    tap.close()


@pytest.mark.parametrize("workers", [0, 2])
def test_only_get_and_sign_ins_are_on_the_wire(tap, run, workers):
    processes = ("--processes", str(workers), *own_master_port()) if workers else ()
    result = run("--read-only", *processes, host=tap.url, users=20, seconds=5, think="0-0.1")
    assert result.code == 0, result.output
    assert len(tap.requests) > 100
    others = {line for line in tap.requests if not line.startswith("GET ")}
    assert others == {"POST /api/auth/login"}


def test_the_tap_would_see_a_write(tap, run):
    result = run(host=tap.url, users=20, seconds=5, think="0-0.1")
    assert result.code == 0, result.output
    assert {"POST /api/appointments/citas"} <= set(tap.requests)
