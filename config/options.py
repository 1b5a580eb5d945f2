"""Every option of the suite, once: flag, environment name, default, help. Locust's own parser is the way to set them.

What is given on the command line wins over the environment and `.env`, and those over a scenario's .conf file.
"""

from locust.argument_parser import LocustArgumentParser
from locust.env import Environment

import os
import sys
from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from dotenv import load_dotenv

from config.errors import SetupError, refuse
from config.results import check_results, run_folder

ROOT = Path(__file__).resolve().parent.parent
STOP_TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True)
class Option:
    """`extra` goes to argparse as it is. Options are not shown in the web UI unless they can be changed there."""

    flag: str
    env: str
    default: str | None
    help: str
    in_web_ui: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)

    def add_to(self, parser: Any) -> Any:
        """Adds itself to a configargparse parser or group; returns argparse's action."""
        return parser.add_argument(self.flag, env_var=self.env, default=self.default, help=self.help, **self.extra)


def _sign_in(role: str) -> tuple[Option, Option]:
    return (
        Option(f"--{role}-username", f"CMS_{role.upper()}_USERNAME", None, f"the account of every {role}"),
        Option(f"--{role}-password", f"CMS_{role.upper()}_PASSWORD", None, "its password: set it in .env, not here"),
    )


OPTIONS = (
    Option("--scenario", "CMS_SCENARIO", None, "name of the scenario; each run of one leaves a folder in --results"),
    Option("--results", "CMS_RESULTS", str(ROOT / "results"), "where runs leave their folders"),
    Option("--accounts", "CMS_ACCOUNTS", None, "CSV file username,password,role with the accounts to sign in with"),
    *_sign_in("admin"),
    *_sign_in("doctor"),
    *_sign_in("patient"),
    Option(
        "--role-names",
        "CMS_ROLE_NAMES",
        "admin=Administrador,doctor=Médico,patient=Paciente",
        "what the CMS calls each role in its tokens; alternatives with | between them",
    ),
    Option("--think-time", "CMS_THINK_TIME", "1-3", "pause between two tasks of a user, in seconds: MIN-MAX", True),
    Option("--run-tag", "CMS_RUN_TAG", None, "marks everything the run writes; made from the time when not given"),
    Option("--seed", "CMS_SEED", None, "repeats a run's random choices; a new one is taken and shown when not given"),
    Option("--connect-timeout", "CMS_CONNECT_TIMEOUT", "5", "seconds to open a connection", extra={"type": float}),
    Option("--read-timeout", "CMS_READ_TIMEOUT", "30", "seconds without a byte of an answer", extra={"type": float}),
    Option("--request-timeout", "CMS_REQUEST_TIMEOUT", "60", "seconds for one whole request", extra={"type": float}),
    Option("--max-answer", "CMS_MAX_ANSWER", "10485760", "largest answer that is read, in bytes", extra={"type": int}),
    Option("--insecure", "CMS_INSECURE", None, "do not check the server's certificate", extra={"action": "store_true"}),
    Option("--allow-host", "CMS_ALLOW_HOSTS", "", "hosts outside the private networks that may be loaded, with commas"),
    Option(
        "--read-only",
        "CMS_READ_ONLY",
        None,
        "drop every task that writes, and send nothing but GET and sign-ins",
        extra={"action": "store_true"},
    ),
    Option(
        "--each-task-once",
        "CMS_EACH_TASK_ONCE",
        None,
        "every user does each of its tasks once, in order, then the run ends and says which routes it has seen",
        extra={"action": "store_true"},
    ),
    Option(
        "--no-preflight",
        "CMS_NO_PREFLIGHT",
        None,
        "start the load without asking first whether the host answers and each role can sign in",
        extra={"action": "store_true"},
    ),
    Option(
        "--arrival-rate",
        "CMS_ARRIVAL_RATE",
        "20",
        "arrivals scenario: people who come per second, over all workers, each for one task",
        extra={"type": float},
    ),
    Option(
        "--arrival-patience",
        "CMS_ARRIVAL_PATIENCE",
        "10",
        "arrivals scenario: seconds that an arrival waits for a free user before it is a missed start",
        extra={"type": float},
    ),
    Option("--slo", "CMS_SLO", str(ROOT / "config" / "slo.toml"), "TOML file with the budgets that the run is held to"),
    Option(
        "--lag-limit",
        "CMS_LAG_LIMIT",
        "100",
        "ms (p99) that the load generator itself may be late before the run is invalid",
        extra={"type": float},
    ),
    Option(
        "--abort-on-breach",
        "CMS_ABORT_ON_BREACH",
        None,
        "end the run as failed when a budget stays broken after the grace time",
        extra={"action": "store_true"},
    ),
    Option(
        "--abort-grace",
        "CMS_ABORT_GRACE",
        "30",
        "seconds of steady state before --abort-on-breach looks at the budgets",
        extra={"type": float},
    ),
    Option("--step-users", "CMS_STEP_USERS", "25", "breakpoint: users that each step adds", extra={"type": int}),
    Option("--step-settle", "CMS_STEP_SETTLE", "10", "breakpoint: seconds before it measures", extra={"type": int}),
    Option("--step-time", "CMS_STEP_TIME", "30", "breakpoint: seconds that it measures a step", extra={"type": int}),
    Option("--baseline", "CMS_BASELINE", None, "folder of a passed run to be held against, or 'last'"),
    Option("--sandbox-args", "CMS_SANDBOX_ARGS", "", "options for the embedded sandbox, such as '--latency 20'"),
)


def add_options(parser: LocustArgumentParser, **_: Any) -> None:
    """Listens to Locust's init_command_line_parser: reads `.env`, adds the options, settles the defaults."""
    read_dotenv()
    group = parser.add_argument_group("CMS load suite")
    for option in OPTIONS:
        option.add_to(group).include_in_web_ui = option.in_web_ui
    parser.set_defaults(stop_timeout=STOP_TIMEOUT_SECONDS, enable_rebalancing=True)
    _leave_the_screen_to_the_progress_line(parser)
    _give_the_run_a_folder(parser)


def read_dotenv() -> None:
    """Puts the settings of `.env` (or of the file that CMS_DOTENV names) beneath those of the environment."""
    load_dotenv(os.environ.get("CMS_DOTENV", ROOT / ".env"))


def options_of(environment: Environment) -> Namespace:
    """The options as parsed: what everything but Locust itself reads."""
    return cast(Namespace, environment.parsed_options)


def refuse_secrets_on_the_command_line() -> None:
    """Other people on the machine can read a process's arguments. Raises SetupError when a password is among them."""
    for option in OPTIONS:
        if option.flag.endswith("-password") and any(word.split("=")[0] == option.flag for word in sys.argv):
            raise SetupError(f"{option.flag} would show the password to others", f"set {option.env} in .env instead")


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
    try:
        check_results(Path(given.results))
    except SetupError as problem:
        refuse(problem)
    if given.scenario:
        folder = run_folder(Path(given.results), given.scenario)
        parser.set_defaults(
            csv_prefix=str(folder / given.scenario),
            html_file=str(folder / "locust.html"),
            json_file=str(folder / "locust"),
        )
