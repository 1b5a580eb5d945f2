"""Option values that are more than one word, taken apart."""

from collections.abc import Mapping

from config.errors import SetupError


def think_time(text: str) -> tuple[float, float]:
    """The shortest and longest pause in seconds, of `MIN-MAX`. Raises SetupError when it is not that."""
    shortest, _, longest = text.partition("-")
    try:
        pause = float(shortest), float(longest or shortest)
    except ValueError:
        pause = 1.0, 0.0
    if not 0 <= pause[0] <= pause[1] < float("inf"):
        raise SetupError(f"--think-time {text!r} is not a pause", "write MIN-MAX in seconds, such as 1-3")
    return pause


def role_names(text: str) -> Mapping[str, tuple[str, ...]]:
    """What tokens call each role, of `admin=Administrador|root,doctor=...`. Raises SetupError when one is missing."""
    names = {}
    for item in text.split(","):
        role, _, called = item.partition("=")
        names[role.strip()] = tuple(name.strip() for name in called.split("|") if name.strip())
    wanted = {"admin", "doctor", "patient"}
    if names.keys() != wanted or not all(names.values()):
        raise SetupError(f"--role-names {text!r} does not name the roles", "write admin=NAME,doctor=NAME,patient=NAME")
    return names
