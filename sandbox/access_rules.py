"""Who may do what, from the suite's `config/access.toml`: the sandbox refuses by the file that the audit asks by."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ACCESS_FILE = Path(__file__).resolve().parent.parent / "config" / "access.toml"
ALL, OWN, NONE = "all", "own", "none"
_ROLES = {"Administrador": "admin", "Médico": "doctor", "Paciente": "patient"}
_PLACEHOLDER = re.compile(r"<\w+>|\{\w+\}")


@dataclass(frozen=True)
class AccessRules:
    """The scope of each role on each route; whatever the file does not name is refused."""

    routes: Mapping[str, Mapping[str, str]]

    @classmethod
    def read(cls, path: Path = ACCESS_FILE) -> "AccessRules":
        """Raises OSError when there is no such file, TOMLDecodeError (a ValueError) when it is not TOML."""
        tables = tomllib.loads(path.read_text("utf-8"))
        return cls({_plain(route): scopes for table in tables.values() for route, scopes in table.items()})

    def scope(self, role: str | None, method: str, rule: str) -> str:
        """`rule` is Flask's; `role` the name that the token has."""
        return self.routes.get(_plain(f"{method} {rule}"), {}).get(_ROLES.get(role or "", ""), NONE)


def _plain(route: str) -> str:
    """Flask and the suite name the parts of a path differently."""
    return _PLACEHOLDER.sub("*", route)
