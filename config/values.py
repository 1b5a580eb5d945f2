"""Option values that are more than one word, taken apart, and numbers that must not be too small."""

from argparse import ArgumentTypeError
from collections.abc import Callable, Mapping
from typing import TypeVar

from config.errors import SetupError
from config.known_roles import known_roles

Kind = TypeVar("Kind", int, float)


def at_least(kind: type[Kind], least: Kind) -> Callable[[str], Kind]:
    """What argparse takes as `type`: a number of this kind that is not smaller than `least`."""
    called = "a whole number" if kind is int else "a number"

    def number(text: str) -> Kind:
        try:
            value = kind(text)
        except ValueError:
            raise ArgumentTypeError(f"{text!r} is not {called}") from None
        if not least <= value < float("inf"):
            raise ArgumentTypeError(f"{text} cannot be used: take {least:g} or more")
        return value

    return number


def a_share(text: str) -> float:
    """What argparse takes as `type`: a number from 0 to 1."""
    share = at_least(float, 0.0)(text)
    if share > 1:
        raise ArgumentTypeError(f"{text} cannot be used: take a number from 0 to 1")
    return share


def a_confidence(text: str) -> float:
    """What argparse takes as `type`: percent, from 50 up to less than 100."""
    percent = at_least(float, 50.0)(text)
    if percent >= 100:
        raise ArgumentTypeError(f"{text} cannot be used: nothing is so sure; take 95 or 99")
    return percent


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


def role_names(text: str | None) -> Mapping[str, tuple[str, ...]]:
    """What tokens call each role, of `admin=Administrador|root,doctor=...`; a role that is not there keeps its names.

    Raises SetupError for a role that there is not, and for one without a name.
    """
    names = {role: tuple(known.names_in_tokens) for role, known in known_roles().items()}
    given = {}
    for item in text.split(",") if text else ():
        role, _, called = item.partition("=")
        given[role.strip()] = tuple(name.strip() for name in called.split("|") if name.strip())
    if not given.keys() <= names.keys() or not all(given.values()):
        example = ",".join(f"{role}=NAME" for role in names)
        raise SetupError(f"--role-names {text!r} does not name the roles", f"write {example}, or some of them")
    return names | given
