"""The file of findings that a team knows of: one cell a line, so that its history reads well."""

from collections.abc import Iterable
from pathlib import Path

from config.errors import SetupError

HEADING = "# Findings of the access audit that are known; it alarms on others only. Written by --accept-leaks."


def read_known(path: Path) -> frozenset[str]:
    """The cells in the file. Raises SetupError when it cannot be read."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as failure:
        reason = getattr(failure, "strerror", None) or "it is not UTF-8"
        raise SetupError(f"--known-leaks {path}: {reason}", "add --accept-leaks to have it written") from None
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def write_known(path: Path, cells: Iterable[str]) -> None:
    """Raises OSError when it cannot be written."""
    path.write_text("\n".join([HEADING, *sorted(cells)]) + "\n", encoding="utf-8")
