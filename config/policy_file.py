"""What the clinic forbids, as `policies.toml` says: read and checked."""

import tomllib
from pathlib import Path

from config.errors import SetupError
from config.suggestions import suggestion

DEFAULT_POLICIES = Path(__file__).resolve().parent / "policies.toml"
ALLOWED, FORBIDDEN = "allowed", "forbidden"
POLICIES = ("double_booking",)


def read_policies(path: Path) -> dict[str, bool]:
    """Whether each policy's subject is allowed. Raises SetupError for a file or an entry that cannot be meant."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as failure:
        reason = getattr(failure, "strerror", None) or "it is not UTF-8"
        raise SetupError(f"--policies {path}: {reason}", "name a TOML file like config/policies.toml") from None
    except tomllib.TOMLDecodeError as wrong:
        raise SetupError(f"{path} is not TOML: {wrong}", "correct it") from None
    table = tables.pop("policies", {})
    if tables or not isinstance(table, dict):
        raise SetupError(f"{path} is no file of policies", "write them below [policies], as config/policies.toml does")
    for name, value in table.items():
        if name not in POLICIES:
            raise SetupError(f"{path}: unknown policy {name!r}", suggestion(name, POLICIES))
        if value not in (ALLOWED, FORBIDDEN):
            raise SetupError(f"{path}: {name} = {value!r} says nothing", f'write "{ALLOWED}" or "{FORBIDDEN}"')
    return {name: table.get(name, ALLOWED) == ALLOWED for name in POLICIES}
