"""The command line of the suite's own commands: options with the same names and sources as a run has."""

import configargparse

from config.errors import OneLineParser
from config.options import OPTIONS
from config.parser import read_dotenv

SHARED = (
    "--accounts",
    *(f"--{role}-{part}" for role in ("admin", "doctor", "patient") for part in ("username", "password")),
    "--role-names",
    "--connect-timeout",
    "--read-timeout",
    "--request-timeout",
    "--max-answer",
    "--insecure",
    "--allow-host",
)


class CommandParser(OneLineParser, configargparse.ArgumentParser):  # type: ignore[misc]  # ships no types
    """Takes its options from the environment, too."""


def command_parser(description: str, *flags: str) -> CommandParser:
    """A parser with --host, the options that every command shares, and those of a run that `flags` name."""
    read_dotenv()
    parser = CommandParser(description=description)
    parser.add_argument("-H", "--host", env_var="LOCUST_HOST", help="base URL of the CMS, like http://localhost:5000")
    for option in OPTIONS:
        if option.flag in (*SHARED, *flags):
            option.add_to(parser)
    return parser
