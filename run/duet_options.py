"""Whether the two hosts of a duet can be meant, checked before anything is sent."""

from locust.env import Environment

import ipaddress
from urllib.parse import urlsplit

from config.errors import SetupError
from config.options import options_of
from load.paired_users import Leader
from run.host import addresses_of, checked_host, spelled_alike

AGAINST, AGAINST_SANDBOX_ARGS = "--against", "--against-sandbox-args"
OF_NEW_ALONE = ("each_task_once", "access_audit", "audit_share", "integrity")
"""Options that would load NEW and not OLD, or have no steps to go through together."""


def is_duet(environment: Environment) -> bool:
    """Whether the users of this run come in pairs."""
    return any(issubclass(user, Leader) for user in environment.user_classes)


def check_duet(environment: Environment) -> None:
    """Raises SetupError for hosts that cannot be held against each other, and for options of a duet without one."""
    options = options_of(environment)
    if not is_duet(environment):
        _refuse_without_a_duet(options.against, options.against_sandbox_args)
        return
    if not (options.headless or options.autostart):
        raise SetupError("a duet is not started in the web UI", "add --headless, or --autostart to watch it there")
    for name in OF_NEW_ALONE:
        if getattr(options, name):
            flag = f"--{name.replace('_', '-')}"
            raise SetupError(f"{flag} in a duet would load the new host alone", "leave it out, or use another scenario")
    if bool(environment.host) != bool(options.against):
        missing, given = ("--host", AGAINST) if options.against else (AGAINST, "--host")
        raise SetupError(f"{given} without {missing}: a duet needs two hosts", f"name the other one with {missing}")
    if options.against:
        options.against = _checked(environment.host or "", options.against, options)


def _refuse_without_a_duet(against: str | None, sandbox_args: str) -> None:
    flag = AGAINST if against else AGAINST_SANDBOX_ARGS if sandbox_args else ""
    if flag:
        raise SetupError(f"{flag} is for a duet, and the users of this run have no twins", "use scenarios/duet.sh")


def _checked(host: str, against: str, options: object) -> str:
    if getattr(options, "against_sandbox_args", ""):
        problem = f"{AGAINST_SANDBOX_ARGS} is for the embedded sandbox, and {AGAINST} names another CMS"
        raise SetupError(problem, "leave one of them out")
    against = checked_host(against, getattr(options, "allow_host", ""), AGAINST)
    if is_same_host(host, against):
        raise SetupError(f"{AGAINST} {against} is the same host as --host {host}", "name the old release's own")
    return against


def is_same_host(one: str, other: str) -> bool:
    """Whether both URLs lead to the same server. Two names of one address may be two servers behind one door."""
    places = [urlsplit(url) for url in (one, other)]
    names = [spelled_alike(place.hostname or "") for place in places]
    doors = [(place.port or (443 if place.scheme == "https" else 80), place.path.rstrip("/")) for place in places]
    if doors[0] != doors[1]:
        return False
    if names[0] == names[1]:
        return True
    shared = set(addresses_of(names[0])) & set(addresses_of(names[1]))
    return bool(shared) and (any(map(_is_address, names)) or any(ipaddress.ip_address(at).is_loopback for at in shared))


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
