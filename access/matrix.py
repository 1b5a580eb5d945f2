"""The cells of the matrix: every question that the rules of access.toml have an answer to."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from api.endpoint import Endpoint
from api.endpoints import LIST_ADDRESSES, UPDATE_PATIENT
from config.access_file import ALL, NOBODY, NONE, OWN, ROLES_ASKED, AccessRule

OWN_RECORD, ANOTHERS, ANYBODYS = "own", "another's", "anybody's"
UNKNOWN_ID, MORE_RIGHTS = "unknown id", "more rights"
NO_TOKEN, EXPIRED, FORGED_ROLE, OTHER_KEY, ALG_NONE = "no token", "expired", "forged role", "other key", "alg none"
BROKEN_TOKENS = (NO_TOKEN, EXPIRED, FORGED_ROLE, OTHER_KEY, ALG_NONE)

BOLA = "API1:2023 Broken Object Level Authorization"
BROKEN_AUTHENTICATION = "API2:2023 Broken Authentication"
BOPLA = "API3:2023 Broken Object Property Level Authorization"
BFLA = "API5:2023 Broken Function Level Authorization"


@dataclass(frozen=True)
class Cell:
    """One question: may `role` (or whoever has this token) use the route on records of this kind (`whose`)?"""

    role: str
    endpoint: Endpoint[Any]
    resource: str
    whose: str
    allowed: bool
    owasp: str

    def __str__(self) -> str:
        return f"{self.role} {self.endpoint} {self.whose}"

    @property
    def token_is_broken(self) -> bool:
        return self.role in BROKEN_TOKENS


def cells_of(
    rules: Mapping[str, AccessRule],
    endpoints: Iterable[Endpoint[Any]],
    ownable: Iterable[Endpoint[Any]],
    read_only: bool = False,
) -> list[Cell]:
    """All cells, role by role. A `read_only` audit asks what reads only."""
    asked = [endpoint for endpoint in endpoints if endpoint.method == "GET" or not read_only]
    owned = frozenset(ownable)
    found = [
        cell
        for role in ROLES_ASKED
        for endpoint in asked
        for cell in _of_role(role, endpoint, rules[str(endpoint)], endpoint in owned)
    ]
    return [*found, *_of_broken_tokens(rules, asked)]


def _of_role(role: str, endpoint: Endpoint[Any], rule: AccessRule, owned: bool) -> Iterator[Cell]:
    scope = rule.scope(role)
    if not owned or role == "admin":
        yield Cell(role, endpoint, rule.resource, ANYBODYS, scope == ALL, BFLA)
    else:
        yield Cell(role, endpoint, rule.resource, OWN_RECORD, scope != NONE, BFLA)
        yield Cell(role, endpoint, rule.resource, ANOTHERS, scope == ALL, BOLA if scope == OWN else BFLA)
    if endpoint.method == "GET" and (endpoint.path_keys == ("id",) or endpoint is LIST_ADDRESSES):
        yield Cell(role, endpoint, rule.resource, UNKNOWN_ID, False, BOLA)
    if endpoint is UPDATE_PATIENT and role == "patient" and scope != NONE:
        yield Cell(role, endpoint, rule.resource, MORE_RIGHTS, False, BOPLA)


def _of_broken_tokens(rules: Mapping[str, AccessRule], endpoints: Iterable[Endpoint[Any]]) -> Iterator[Cell]:
    for endpoint in endpoints:
        rule = rules[str(endpoint)]
        for token in BROKEN_TOKENS:
            open_to_all = rule.scope(NOBODY) == ALL
            if not open_to_all or token == NO_TOKEN:
                yield Cell(token, endpoint, rule.resource, ANYBODYS, open_to_all, BROKEN_AUTHENTICATION)
