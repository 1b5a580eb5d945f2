"""Whose server may be loaded: this machine, private networks, and what was allowed by its whole name."""

import socket

import pytest

from config.errors import SetupError
from lifecycle.host import checked_host


@pytest.fixture
def resolve(monkeypatch):
    """`resolve(*addresses)`: what every name leads to."""

    def to(*addresses):
        found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_: found)

    return to


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "192.168.0.9", "::1", "fd00::1"])
def test_this_machine_and_private_networks_may_be_loaded(resolve, address):
    resolve(address)
    assert checked_host("http://cms.example:5000/", "") == "http://cms.example:5000"


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "0.0.0.0", "::"])
def test_other_peoples_servers_and_what_is_no_address_may_not(resolve, address):
    resolve(address)
    with pytest.raises(SetupError, match="is neither this machine nor in a private network"):
        checked_host("http://cms.example", "")


def test_every_address_of_a_name_must_be_near(resolve):
    resolve("10.0.0.1", "8.8.8.8")
    with pytest.raises(SetupError, match=r"cms\.example \(8\.8\.8\.8\) is neither this machine nor in a private"):
        checked_host("http://cms.example", "")


@pytest.mark.parametrize("allowed", ["cms.example", "a.example, cms.example"])
def test_what_was_allowed_may_be_loaded(resolve, allowed):
    resolve("8.8.8.8")
    assert checked_host("https://cms.example", allowed) == "https://cms.example"


@pytest.mark.parametrize("allowed", ["", "my-cms.example", "cms.example.org", "cms.example:80"])
def test_only_a_whole_name_allows(resolve, allowed):
    resolve("8.8.8.8")
    with pytest.raises(SetupError, match=r"add --allow-host cms\.example if you may"):
        checked_host("https://cms.example", allowed)
