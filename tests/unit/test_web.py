"""Before the web UI opens: its port is tried without letting anybody in."""

import socket

import pytest

from config.errors import SetupError
from run.web_form import check_port
from tests.processes import free_port


def test_a_free_port_is_tried_without_listening(monkeypatch):
    """Who connected to a listening probe would be cut off by its end, as if the web UI had hung up."""

    def listen(*_):
        pytest.fail("the probe listens")

    monkeypatch.setattr(socket.socket, "listen", listen)
    check_port("127.0.0.1", free_port())


def test_a_port_in_use_is_refused():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(SetupError, match=f"cannot listen on port {port} of 127.0.0.1"):
            check_port("127.0.0.1", port)
