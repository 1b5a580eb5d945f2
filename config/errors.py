"""What keeps a run from starting: one line that names the thing and the fix, then exit code 2, or 3."""

import argparse
import sys
from collections.abc import Callable, Iterable
from typing import NoReturn

USAGE_EXIT_CODE = 2
INVALID_EXIT_CODE = 3


class SetupError(Exception):
    """The run cannot start: what is wrong, and what to do about it."""

    exit_code = USAGE_EXIT_CODE

    def __init__(self, problem: str, fix: str) -> None:
        super().__init__(f"{problem}: {fix}" if fix else problem)


class SetupErrors(SetupError):
    """Several mistakes at once, so that nobody has to find them one by one."""

    def __init__(self, errors: Iterable[SetupError]) -> None:
        self.errors: list[SetupError] = [
            one for error in errors for one in (error.errors if isinstance(error, SetupErrors) else [error])
        ]
        Exception.__init__(self, "; ".join(map(str, self.errors)))


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


def check_all(checks: Iterable[Callable[[], object]]) -> None:
    """Makes every check, then raises what went wrong with them: a SetupError, or SetupErrors."""
    errors = []
    for check in checks:
        try:
            check()
        except SetupError as error:
            errors.append(error)
    if errors:
        raise errors[0] if len(errors) == 1 else SetupErrors(errors)


def refuse(error: SetupError) -> NoReturn:
    """Ends the process before any load is sent, with one line for each mistake."""
    for one in error.errors if isinstance(error, SetupErrors) else [error]:
        sys.stderr.write(f"error: {one}\n")
    raise SystemExit(error.exit_code)
