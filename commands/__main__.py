"""`python -m commands sweep|provision`: see scenarios/sweep.sh and scenarios/provision.sh."""

import locust  # noqa: F401 - patches the standard library for gevent, and must come first

import sys

from commands import provision_command, sweep_command
from config.errors import SetupError, refuse
from run.roles import all_roles

COMMANDS = {"sweep": sweep_command.run, "provision": provision_command.run}
INTERRUPTED_EXIT_CODE = 130


def main(words: list[str]) -> int:
    """The exit code of the command that the first word names."""
    if not words or words[0] not in COMMANDS:
        raise SetupError("no such command", f"use one of {', '.join(COMMANDS)}")
    all_roles()
    return COMMANDS[words[0]](words[1:])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as error:
        refuse(error)
    except KeyboardInterrupt:
        sys.stderr.write("interrupted: the same command goes on where it stopped\n")
        sys.exit(INTERRUPTED_EXIT_CODE)
