"""The command line of the suite's own commands: options with the same names and sources as a run has."""

import configargparse

from config.errors import OneLineParser
from config.known_roles import known_roles
from config.options import all_options
from config.parser import read_dotenv

SHARED = (
    "--accounts",
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
    pairs = (f"--{role}-{part}" for role in known_roles() for part in ("username", "password"))
    wanted = {*SHARED, *pairs, *flags}
    for option in all_options():
        if option.flag in wanted:
            option.add_to(parser)
    return parser
