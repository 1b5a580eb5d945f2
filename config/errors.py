"""A mistake of the person at the keyboard: one line that names the thing and the fix, then exit code 2."""

import argparse
import sys
from typing import NoReturn

USAGE_EXIT_CODE = 2


class SetupError(Exception):
    """The run cannot start: what is wrong, and what to do about it."""

    def __init__(self, problem: str, fix: str) -> None:
        super().__init__(f"{problem}: {fix}" if fix else problem)


class OneLineParser(argparse.ArgumentParser):
    """Refuses wrong arguments as everything else is refused, without the usage above the line; --help has that."""

    def error(self, message: str) -> NoReturn:
        refuse(SetupError(message, ""))


def refuse(error: SetupError) -> NoReturn:
    """Ends the process before any load is sent."""
    sys.stderr.write(f"error: {error}\n")
    raise SystemExit(USAGE_EXIT_CODE)
