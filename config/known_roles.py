"""The roles of the clinic: what the suite must know of each before a run, told by the role's own class."""

import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from config.errors import SetupError

SHORT_NAME = re.compile(r"[a-z][a-z_]*")


class Role:
    """What a role's class says of itself, besides its weight and its tasks.

    `role` is its name in options, budgets and the accounts file; `names_in_tokens` what the CMS calls it;
    `seeded_accounts` the user names that play it in a freshly seeded clinic; `provisioned` is how many test accounts
    scenarios/provision.sh makes for it unless it is told.
    """

    role: ClassVar[str]
    names_in_tokens: ClassVar[Sequence[str]] = ()
    seeded_accounts: ClassVar[Sequence[str]] = ()
    provisioned: ClassVar[int] = 20


def import_roles() -> None:
    """Imports every module in users/: a role is known from there on, whether a locustfile names it or not."""
    users = importlib.import_module("users")
    for module in pkgutil.iter_modules(users.__path__, "users."):
        importlib.import_module(module.name)


def known_roles() -> Mapping[str, type[Role]]:
    """Every role whose class was imported, by its name. Raises SetupError for a class that does not say enough."""
    found: dict[str, type[Role]] = {}
    for role in _subclasses(Role):
        name = getattr(role, "role", None)
        if name is None:
            continue
        if not SHORT_NAME.fullmatch(name):
            raise SetupError(f"{role.__name__}.role {name!r} cannot name options", "take small letters a to z, and _")
        if name not in found or not found[name].names_in_tokens:
            found[name] = role
    for role in found.values():
        if not role.names_in_tokens:
            raise SetupError(f"{role.__name__} has no names_in_tokens", "say there what the CMS calls it in its tokens")
    return dict(sorted(found.items()))


def _subclasses(role: type[Role]) -> Iterator[type[Role]]:
    for subclass in role.__subclasses__():
        yield subclass
        yield from _subclasses(subclass)
