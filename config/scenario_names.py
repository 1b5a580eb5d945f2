"""The names of the scenarios: those of the files that describe them."""

import re
from collections.abc import Sequence
from pathlib import Path

from config.errors import SetupError
from config.suggestions import suggestion

FOLDER = Path(__file__).resolve().parent / "scenarios"
NAME = re.compile(r"[\w-]+")


def scenario_names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.conf"))


def checked_scenario(name: str | None, config_files: Sequence[str] | str | None = None) -> str | None:
    """The scenario's name, which picks its budgets and becomes part of a folder's.

    Known are the files in config/scenarios/, and the `config_files` of somebody's own. Raises SetupError for any other.
    """
    if not name:
        return name
    if not NAME.fullmatch(name):
        raise SetupError(f"--scenario {name!r} cannot name a folder", "take letters, digits, - and _")
    own = [config_files] if isinstance(config_files, str) else config_files or ()
    known = {*scenario_names(), *(Path(file).stem for file in own)}
    if name not in known:
        raise SetupError(f"--scenario: there is no scenario {name!r}", suggestion(name, known))
    return name
