"""Which CMS the load goes to: the one that was named, if it may be loaded, or the embedded sandbox when none was."""

from locust.env import Environment

import atexit
import ipaddress
import logging
import socket
from urllib.parse import urlsplit

from config.errors import SetupError
from config.options import options_of
from run.embedded_sandbox import SANDBOX_ARGS, EmbeddedSandbox
from users.run_context import run_context

logger = logging.getLogger(__name__)

NEAR = tuple(
    ipaddress.ip_network(network)
    for network in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
)
"""Loopback, RFC 1918 and unique local addresses. Python's `is_private` also takes in ranges that are no network of
one's own: link-local (where clouds answer with credentials), documentation, benchmarks, reserved ones."""


def check_host(environment: Environment) -> None:
    """Raises SetupError for a host that was named and may not be loaded, or has no use for --sandbox-args."""
    options = options_of(environment)
    environment.host = environment.host or _host_of_the_classes(environment)
    if not environment.host:
        return
    if options.sandbox_args:
        problem = "--sandbox-args is for the embedded sandbox, and --host names another CMS"
        raise SetupError(problem, "leave one of them out")
    environment.host = checked_host(environment.host, options.allow_host)


def _host_of_the_classes(environment: Environment) -> str | None:
    """What the users' classes name, as Locust's documentation shows it. Raises SetupError when they do not agree."""
    hosts = {user.host for user in environment.user_classes if user.host}
    if len(hosts) > 1:
        raise SetupError(f"the user classes name different hosts: {', '.join(sorted(hosts))}", "name one with --host")
    return next(iter(hosts), None)


def ensure_host(environment: Environment) -> None:
    """Starts the sandbox when no host was named, for as long as this process lives."""
    options = options_of(environment)
    if environment.host:
        return
    sandbox = start_sandbox(environment, options.sandbox_args)
    run_context(environment).put(sandbox)
    environment.host = options.host = run_context(environment).sandbox_url = sandbox.url
    logger.warning("No host given: the load goes to the embedded sandbox at %s, not to your CMS", sandbox.url)


def start_sandbox(environment: Environment, args: str, flag: str = SANDBOX_ARGS) -> EmbeddedSandbox:
    """A sandbox with these `args`, which `flag` has given, until Locust or this process ends."""
    sandbox = EmbeddedSandbox.start(args, flag)
    environment.events.quit.add_listener(lambda **_: sandbox.stop())
    atexit.register(sandbox.stop)  # for an end that Locust did not see coming
    return sandbox


def checked_host(host: str, allowed: str, flag: str = "--host") -> str:
    """The base URL without a slash at its end; `flag` is the option that names it.

    Raises SetupError when it is none, or when it leads out of this machine and the private networks and is not among
    the `allowed` host names (with commas between them): a load test of somebody else's server is an attack.
    """
    name = _host_name(host, flag)
    if spelled_alike(name) not in [spelled_alike(entry.strip()) for entry in allowed.split(",") if entry.strip()]:
        for address in addresses_of(name):
            if not _is_near(address):
                raise SetupError(
                    f"{name} ({address}) is neither this machine nor in a private network",
                    f"add --allow-host {name} if you may load-test it",
                )
    return host.rstrip("/")


def _host_name(host: str, flag: str) -> str:
    """Programs do not agree on what a backslash, a space or an invisible character in a URL means: none is taken."""
    if "@" in host:
        raise SetupError(f"{flag} has a user name or password before an @", "leave it out, accounts go into --accounts")
    try:
        parts = urlsplit(host)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        usable = usable and not (parts.query or parts.fragment) and host.isprintable() and not set(host) & {" ", "\\"}
    except ValueError:
        usable = False
    if not usable:
        raise SetupError(f"the host {host!r} is not a base URL", "write it like http://localhost:5000")
    return str(parts.hostname)


def spelled_alike(name: str) -> str:
    """One spelling of a host name for all: as it stands in the DNS, without the dot at its end."""
    try:
        return name.lower().removesuffix(".").encode("idna").decode()
    except UnicodeError:
        return name


def addresses_of(name: str) -> list[str]:
    """What the name leads to. Raises SetupError when nobody knows it."""
    try:
        return sorted({str(info[4][0]) for info in socket.getaddrinfo(name, None)})
    except (OSError, UnicodeError):
        raise SetupError(f"the host name {name} is not known here", "correct it") from None


def _is_near(address: str) -> bool:
    """An IPv4 address that is written as an IPv6 one stays what it is."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return any(ip in network for network in NEAR)
