"""Who may do what, as `access.toml` says: read, and checked against the routes that there are."""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from config.errors import SetupError, check_all
from config.suggestions import suggestion

DEFAULT_ACCESS = Path(__file__).resolve().parent / "access.toml"
ALL, OWN, NONE = "all", "own", "none"
NOBODY = "nobody"
ROLES_ASKED = ("admin", "doctor", "patient")


@dataclass(frozen=True)
class AccessRule:
    """One route: the resource whose table it stands in, and how far each role's rights go there."""

    route: str
    resource: str
    scopes: Mapping[str, str]

    def scope(self, role: str) -> str:
        return self.scopes.get(role, NONE)


def read_access(path: Path, routes: Collection[str], ownable: Collection[str]) -> Mapping[str, AccessRule]:
    """The rule of each route. Raises SetupError, all of it at once, for what is missing or cannot be meant.

    `ownable` are the routes about records that belong to a patient: only there `own` means something.
    """
    rules = [
        AccessRule(route, resource, scopes)
        for resource, table in _tables(path).items()
        for route, scopes in _entries(path, resource, table).items()
    ]
    check_all(partial(_check, path, rule, routes, ownable) for rule in rules)
    found = {rule.route: rule for rule in rules}
    if missing := [route for route in routes if route not in found]:
        more = f" and {len(missing) - 1} more" if missing[1:] else ""
        raise SetupError(f"{path} does not say who may use {missing[0]}{more}", "add it to the table of its resource")
    return found


def _tables(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as failure:
        reason = getattr(failure, "strerror", None) or "it is not UTF-8"
        raise SetupError(f"--access {path}: {reason}", "name a TOML file like config/access.toml") from None
    except tomllib.TOMLDecodeError as wrong:
        raise SetupError(f"{path} is not TOML: {wrong}", "correct it") from None


def _entries(path: Path, resource: str, table: Any) -> Mapping[str, Any]:
    if not isinstance(table, Mapping) or not all(isinstance(scopes, Mapping) for scopes in table.values()):
        raise SetupError(f"{path}: {resource} is not a table of routes", f"write them below [{resource}]")
    return table


def _check(path: Path, rule: AccessRule, routes: Collection[str], ownable: Collection[str]) -> None:
    if rule.route not in routes:
        raise SetupError(f"{path}: unknown route {rule.route!r}", suggestion(rule.route, routes))
    check_all(partial(_raise, path, rule, mistake) for mistake in _mistakes(rule, ownable))


def _mistakes(rule: AccessRule, ownable: Collection[str]) -> Iterator[tuple[str, str]]:
    for role, scope in rule.scopes.items():
        if role not in (*ROLES_ASKED, NOBODY):
            yield f"unknown role {role!r}", suggestion(role, (*ROLES_ASKED, NOBODY))
        elif scope not in (ALL, OWN, NONE):
            yield f"{role} = {scope!r}", f"use {ALL}, {OWN} or {NONE}"
        elif scope == OWN and rule.route not in ownable:
            yield f"{role} = {OWN!r}, but nothing there belongs to a patient", f"use {ALL} or {NONE}"
    for role in ROLES_ASKED:
        if role not in rule.scopes:
            yield f"nothing is said of {role}", f"add {role} = {ALL!r}, {OWN!r} or {NONE!r}"


def _raise(path: Path, rule: AccessRule, mistake: tuple[str, str]) -> None:
    raise SetupError(f"{path}: {rule.route}: {mistake[0]}", mistake[1])
