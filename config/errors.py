"""What keeps a run from starting: one line that names the thing and the fix, then exit code 2, or 3."""

import argparse
import sys
from typing import NoReturn

USAGE_EXIT_CODE = 2
INVALID_EXIT_CODE = 3


class SetupError(Exception):
    """The run cannot start: what is wrong, and what to do about it."""

    exit_code = USAGE_EXIT_CODE

    def __init__(self, problem: str, fix: str) -> None:
        super().__init__(f"{problem}: {fix}" if fix else problem)


class MachineError(SetupError):
    """The system does not give what the run needs (space, open files): nothing is wrong with what was asked for."""

    exit_code = INVALID_EXIT_CODE

    @classmethod
    def of(cls, failure: OSError) -> "MachineError":
        where = f"{failure.filename}: " if failure.filename else ""
        return cls(f"{where}{failure.strerror or type(failure).__name__}", "see to it that the system can give it")


class OneLineParser(argparse.ArgumentParser):
    """Refuses wrong arguments as everything else is refused, without the usage above the line; --help has that."""

    def error(self, message: str) -> NoReturn:
        refuse(SetupError(message, ""))


def refuse(error: SetupError) -> NoReturn:
    """Ends the process before any load is sent."""
    sys.stderr.write(f"error: {error}\n")
    raise SystemExit(error.exit_code)
