"""How Locust's parser comes to know the suite: `.env` is read, the options are added, the defaults settled."""

from locust.argument_parser import LocustArgumentParser

import os
import re
import sys
from pathlib import Path
from typing import Any

from dotenv import dotenv_values, load_dotenv

from config.errors import MachineError, SetupError, refuse
from config.listening import listen_to_this_machine
from config.options import ROOT, all_options, groups
from config.results import check_results, keep_private, run_folder
from config.scenario_names import checked_scenario
from config.screen import open_closed_outputs
from config.suggestions import nearest
from config.user_classes import refuse_unknown_users

STOP_TIMEOUT_SECONDS = 10.0
DOTENV = "CMS_DOTENV"
WATCH_POSTGRES = "--watch-postgres"
TAKE_OPTIONS = ("--sandbox-args", "--against-sandbox-args")
"""Options whose value is options for somebody else."""


def add_options(parser: LocustArgumentParser, **_: Any) -> None:
    """Listens to Locust's init_command_line_parser: reads `.env`, adds the options, settles the defaults."""
    take_options_for_values()
    read_dotenv()
    keep_private()
    open_closed_outputs()
    for title, options in groups().items():
        group = parser.add_argument_group(f"CMS load suite: {title}")
        for option in options:
            option.add_to(group).include_in_web_ui = option.in_web_ui
    parser.set_defaults(stop_timeout=STOP_TIMEOUT_SECONDS, enable_rebalancing=True)
    listen_to_this_machine(parser)
    _leave_the_screen_to_the_progress_line(parser)
    try:
        refuse_unknown_users(parser)
        _give_the_run_a_folder(parser)
    except (SetupError, OSError) as problem:
        refuse(MachineError.of(problem) if isinstance(problem, OSError) else problem)


def take_options_for_values() -> None:
    """`--sandbox-args '--latency 20'`: argparse takes a value that begins with -- for an option, unless a = ties it."""
    for at in reversed(range(len(sys.argv) - 1)):
        word, value = sys.argv[at : at + 2]
        if word in TAKE_OPTIONS and value.startswith("-"):
            sys.argv[at : at + 2] = [f"{word}={value}"]


def read_dotenv() -> None:
    """Puts the settings of `.env` (or of the file that CMS_DOTENV names) beneath those of the environment."""
    path = Path(os.environ.get(DOTENV, ROOT / ".env"))
    _refuse_unknown_settings(path)
    load_dotenv(path)


def refuse_secrets_on_the_command_line() -> None:
    """Other people on the machine can read a process's arguments. Raises SetupError when a password is among them.

    The parser also takes the beginning of an option for the whole, if there is only one that begins so.
    """
    given = [word.partition("=")[0] for word in sys.argv[1:] if word.startswith("--")]
    for option in all_options():
        if option.flag.endswith("-password") and any(_may_stand_for(word, option.flag) for word in given):
            raise SetupError(f"{option.flag} would show the password to others", f"set {option.env} in .env instead")
    for word, value in zip(sys.argv[1:], [*sys.argv[2:], ""], strict=False):
        flag, tied, after = word.partition("=")
        names_it = flag.startswith("--watch-po") and WATCH_POSTGRES.startswith(flag)
        if names_it and holds_password(after if tied else value):
            fix = "leave it out and set PGPASSWORD or ~/.pgpass, or set CMS_WATCH_POSTGRES in .env"
            raise SetupError(f"{WATCH_POSTGRES} with a password in its DSN would show it to others", fix)


def holds_password(dsn: str) -> bool:
    """Whether a DSN of libpq, in either of its spellings, has a password in it."""
    return bool(re.search(r"^\s*\w+://[^/?#@:]*:.*@|\b(ssl)?password\s*=", dsn, re.IGNORECASE))


def _may_stand_for(word: str, flag: str) -> bool:
    return flag.startswith(word) and len(word) > len(flag.removesuffix("password"))


def _leave_the_screen_to_the_progress_line(parser: LocustArgumentParser) -> None:
    """Locust's table of all rows every two seconds comes only when --print-stats asks for it."""
    given, _ = parser.parse_known_args()
    parser.set_defaults(only_summary=not given.print_stats)


def _give_the_run_a_folder(parser: LocustArgumentParser) -> None:
    """A scenario's CSV files and reports go into a folder of its own, unless --csv, --html, --json-file say otherwise.

    With a JSON file Locust does not print its two long tables in the end: the verdict is what is read there.
    Locust opens its CSV files before any event that a suite could use, so the defaults are settled here.
    """
    given, _ = parser.parse_known_args()
    if given.worker:
        return
    check_results(Path(given.results))
    scenario = checked_scenario(given.scenario, given.config)
    folder = run_folder(Path(given.results), scenario) if scenario else None
    if scenario and folder:
        parser.set_defaults(
            csv_prefix=str(folder / scenario),
            html_file=str(folder / "locust.html"),
            json_file=str(folder / "locust"),
        )


def _refuse_unknown_settings(path: Path) -> None:
    """A slip in a name would be without effect, and without a word."""
    known = {option.env for option in all_options()}
    for name in dotenv_values(path):
        if name.startswith("CMS_") and name not in known:
            likely = nearest(name, known)
            fix = f"did you mean {likely}?" if likely else "see .env.example for those that there are"
            refuse(SetupError(f"{path}: {name} is no setting of the suite", fix))
