"""Whose server may be loaded: this machine, private networks, and what was allowed by its whole name."""

import socket

import pytest

from config.errors import SetupError
from run.host import checked_host


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


FAR = [
    *("169.254.169.254", "fe80::1", "fe80::1%2"),  # link-local: where clouds hand out credentials
    *("192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1"),  # documentation
    *("198.18.0.1", "2001:2::1"),  # benchmarks
    *("100.64.0.1", "100.127.255.255"),  # behind a provider's address translation
    *("240.0.0.1", "255.255.255.255", "224.0.0.1", "ff02::1", "0.0.0.0", "0.0.0.1", "::"),
    *("192.0.0.1", "192.88.99.1", "64:ff9b::7f00:1", "2002:7f00:1::", "::127.0.0.1", "fec0::1", "100::1"),
    *("126.255.255.255", "128.0.0.0", "9.255.255.255", "11.0.0.0", "172.15.255.255", "172.32.0.0"),
    *("192.167.255.255", "192.169.0.0", "fbff::1", "fe00::1", "::2"),
    *("::ffff:8.8.8.8", "::ffff:169.254.169.254"),
]
NEAR = [
    *("127.0.0.1", "127.255.255.255", "10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0"),
    *("192.168.255.255", "::1", "fc00::1", "fdff:ffff::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
]


@pytest.mark.parametrize("address", FAR)
def test_a_range_that_is_nobodys_own_network_is_refused(resolve, address):
    resolve(address)
    with pytest.raises(SetupError, match="is neither this machine nor in a private network"):
        checked_host("http://cms.example", "")


@pytest.mark.parametrize("address", NEAR)
def test_loopback_and_private_networks_are_near_to_their_last_address(resolve, address):
    resolve(address)
    assert checked_host("http://cms.example", "") == "http://cms.example"


@pytest.fixture
def numbers_only(monkeypatch):
    """The system's own reading of addresses, however they are spelled, without asking anybody for a name."""
    real = socket.getaddrinfo

    def numeric(name, port, *_):
        return real(name, port, flags=socket.AI_NUMERICHOST)

    monkeypatch.setattr(socket, "getaddrinfo", numeric)


WIDE = ("\uff12", "\uff18.\uff18.\uff18.\uff18", "8\u30028\u30028\u30028")
"""Digits and dots of East Asian fonts, which Python turns into plain ones on the way to the DNS."""


@pytest.mark.parametrize(
    "spelled",
    [
        *("8.8.8.8", "134744072", "0x08080808", "0x8.8.8.8", "010.010.010.010", "8.8.2056", "8.526344"),
        *("[::ffff:8.8.8.8]", "[::ffff:808:808]", "[0:0:0:0:0:ffff:0808:0808]", *WIDE),
        *("0", "0x0", "2852039166", "0xa9fea9fe", "[::ffff:a9fe:a9fe]", "[fe80::1%25lo]"),
        *("8.8.8.8.", "localhost.evil.example", "127.0.0.1.evil.example", "xn--e1afmkfd.example", "пример.example"),
        *("a" * 64 + ".example", "a..example", ".", "[::1", "[v1.x]", "127.0.0.1:99999", "127.0.0.1:0"),
        *(
            "127.0.0.1\\.evil.example",
            "evil.example\\127.0.0.1",
            "127.0.0.1%00.evil.example",
            "127.0.0.1 .evil.example",
        ),
        *("127.0.0.1\t.evil.example", "evil.example?127.0.0.1", "evil.example#127.0.0.1", "127.0.0.1?x", "127.0.0.1#x"),
    ],
)
def test_no_spelling_of_an_address_gets_past(numbers_only, spelled):
    with pytest.raises(SetupError) as refused:
        checked_host(f"http://{spelled}", "")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("spelled", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "192.168.1.1:8080", "[fd00::1]:80"])
def test_the_usual_spellings_of_what_is_near_are_taken(numbers_only, spelled):
    assert checked_host(f"http://{spelled}/", "") == f"http://{spelled}"


@pytest.mark.parametrize(
    "host",
    [
        "http://eva:open-sesame@127.0.0.1",
        "http://open-sesame@127.0.0.1",
        "ftp://eva:open-sesame@127.0.0.1",
        "eva:open-sesame@127.0.0.1",
        "http://127.0.0.1:open-sesame@8.8.8.8/x",
        "http://127.0.0.1\\@open-sesame",
    ],
)
def test_a_password_in_the_host_is_refused_and_not_shown(numbers_only, host):
    with pytest.raises(SetupError, match="--host has a user name or password before an @") as refused:
        checked_host(host, "")
    assert "sesame" not in str(refused.value)


@pytest.mark.parametrize("allowed", ["CMS.example", "cms.example.", "a.example, Cms.Example."])
@pytest.mark.parametrize("host", ["https://cms.example", "https://CMS.EXAMPLE.:443"])
def test_a_name_is_allowed_however_it_is_spelled(resolve, allowed, host):
    resolve("8.8.8.8")
    assert checked_host(host, allowed) == host


def test_a_name_in_another_script_is_the_one_of_the_dns(resolve):
    resolve("8.8.8.8")
    assert checked_host("https://пример.example", "xn--e1afmkfd.example") == "https://пример.example"
