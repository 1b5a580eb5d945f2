"""A mistake of the person at the keyboard: one line that names the thing and the fix, then exit code 2."""

import sys
from typing import NoReturn

USAGE_EXIT_CODE = 2


class SetupError(Exception):
    """The run cannot start: what is wrong, and what to do about it."""

    def __init__(self, problem: str, fix: str) -> None:
        super().__init__(f"{problem}: {fix}" if fix else problem)


def refuse(error: SetupError) -> NoReturn:
    """Ends the process before any load is sent."""
    sys.stderr.write(f"error: {error}\n")
    raise SystemExit(USAGE_EXIT_CODE)
