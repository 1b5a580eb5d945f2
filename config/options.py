"""Every option of the suite, once: flag, environment name, default, help. Locust's own parser is the way to set them.

What is given on the command line wins over the environment and `.env`, and those over a scenario's .conf file.
"""

from locust.env import Environment

import os
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from config.known_roles import known_roles
from config.values import a_confidence, a_share, at_least

ROOT = Path(__file__).resolve().parent.parent
HOME = f"{ROOT}{os.sep}"
MORE_THAN_NONE = at_least(float, 0.001)
A_COUNT = at_least(int, 1)
ACCOUNTS = "accounts"


@dataclass(frozen=True)
class Option:
    """`kind` makes the value of its text; a `switch` has none. What can be changed in the web UI is shown there.

    `alone` is the value of an option that may also be given without one.
    """

    flag: str
    env: str
    default: str | None
    help: str
    in_web_ui: bool = False
    kind: Callable[[str], object] = str
    switch: bool = False
    alone: str = ""

    def add_to(self, parser: Any) -> Any:
        """Adds itself to a configargparse parser or group; returns argparse's action."""
        what: dict[str, Any] = {"action": "store_true"} if self.switch else {"type": self.kind}
        if self.alone:
            what |= {"nargs": "?", "const": self.kind(self.alone)}
        shown = f"{self.help} (default {self.default.removeprefix(HOME)})" if self.default else self.help
        return parser.add_argument(
            self.flag, env_var=self.env, default=self.default, help=shown.replace("%", "%%"), **what
        )


GROUPS: Mapping[str, tuple[Option, ...]] = {
    "target": (
        Option("--against", "CMS_AGAINST", None, "duet: the host with the old release; --host is the one with the new"),
        Option("--insecure", "CMS_INSECURE", None, "do not check the server's certificate", switch=True),
        Option(
            "--allow-host", "CMS_ALLOW_HOSTS", "", "hosts outside the private networks that may be loaded, with commas"
        ),
        Option(
            "--connect-timeout",
            "CMS_CONNECT_TIMEOUT",
            "5",
            "seconds to open a connection",
            kind=MORE_THAN_NONE,
        ),
        Option(
            "--read-timeout",
            "CMS_READ_TIMEOUT",
            "30",
            "seconds without a byte of an answer",
            kind=MORE_THAN_NONE,
        ),
        Option(
            "--request-timeout",
            "CMS_REQUEST_TIMEOUT",
            "60",
            "seconds for one whole request",
            kind=MORE_THAN_NONE,
        ),
        Option(
            "--max-answer",
            "CMS_MAX_ANSWER",
            "10485760",
            "largest answer that is read, in bytes",
            kind=at_least(int, 1024),
        ),
        Option(
            "--no-preflight",
            "CMS_NO_PREFLIGHT",
            None,
            "start the load without asking first whether the host answers and each role can sign in",
            switch=True,
        ),
    ),
    ACCOUNTS: (
        Option("--accounts", "CMS_ACCOUNTS", None, "CSV file username,password,role with the accounts to sign in with"),
    ),
    "load": (
        Option(
            "--scenario", "CMS_SCENARIO", None, "the scenario, for its budgets; each run leaves a folder in --results"
        ),
        Option("--think-time", "CMS_THINK_TIME", "1-3", "pause between two tasks of a user, in seconds: MIN-MAX", True),
        Option(
            "--read-only",
            "CMS_READ_ONLY",
            None,
            "drop every task that writes, and send nothing but GET and sign-ins",
            switch=True,
        ),
        Option(
            "--each-task-once",
            "CMS_EACH_TASK_ONCE",
            None,
            "every user does each of its tasks once, in order, then the run ends and says which routes it has seen",
            switch=True,
        ),
        Option(
            "--trace",
            "CMS_TRACE",
            None,
            "give each request a W3C traceparent, and ask of this share of them (0 to 1) that they be recorded",
            kind=a_share,
        ),
        Option("--seed", "CMS_SEED", None, "repeats a run's random choices; one is taken and shown when not given"),
        Option("--run-tag", "CMS_RUN_TAG", None, "marks everything the run writes; made from the time when not given"),
        Option(
            "--cleanup-time",
            "CMS_CLEANUP_TIME",
            "60",
            "seconds that the clean-up after the load may take; it meets trouble with another try",
            kind=at_least(float, 0.0),
        ),
        Option(
            "--arrival-rate",
            "CMS_ARRIVAL_RATE",
            "20",
            "arrivals scenario: people who come per second, over all workers, each for one task",
            kind=MORE_THAN_NONE,
        ),
        Option(
            "--arrival-patience",
            "CMS_ARRIVAL_PATIENCE",
            "10",
            "arrivals scenario: seconds that an arrival waits for a free user before it is a missed start",
            kind=MORE_THAN_NONE,
        ),
    ),
    "watching": (
        Option(
            "--watch-process",
            "CMS_WATCH_PROCESS",
            None,
            "the API's process on this machine (4711, pid:4711 or port:5000): its CPU, memory, open files, restarts",
        ),
        Option(
            "--watch-postgres",
            "CMS_WATCH_POSTGRES",
            None,
            "the API's database, such as postgresql://monitor@localhost:5432/cms: statements by route, scans, locks, "
            "connections; a password goes into .env, PGPASSWORD or ~/.pgpass",
        ),
        Option(
            "--watch-prometheus",
            "CMS_WATCH_PROMETHEUS",
            None,
            "a Prometheus, such as http://localhost:9090, that has series of the API's machines: config/watch.toml",
        ),
    ),
    "access": (
        Option(
            "--access-audit",
            "CMS_ACCESS_AUDIT",
            None,
            "ask beside the load who may see and do what, then end the run",
            switch=True,
        ),
        Option(
            "--access",
            "CMS_ACCESS",
            str(ROOT / "config" / "access.toml"),
            "TOML file that says who may do what on each route",
        ),
        Option(
            "--audit-share",
            "CMS_AUDIT_SHARE",
            "0",
            "of all requests, the share that asks who may see what, beside any load: leaks under concurrency",
            kind=at_least(float, 0.0),
        ),
        Option("--known-leaks", "CMS_KNOWN_LEAKS", None, "file of findings that do not make a run fail any more"),
        Option(
            "--accept-leaks",
            "CMS_ACCEPT_LEAKS",
            None,
            "write what the audit finds into the file of --known-leaks",
            switch=True,
        ),
        Option(
            "--expired-token",
            "CMS_EXPIRED_TOKEN",
            None,
            "a token of this CMS whose time is over, for the audit to try; without one that is not asked",
        ),
    ),
    "integrity": (
        Option(
            "--integrity",
            "CMS_INTEGRITY",
            None,
            "let people meet on few records beside the load, and check that what the API promises still holds",
            switch=True,
        ),
        Option(
            "--policies",
            "CMS_POLICIES",
            str(ROOT / "config" / "policies.toml"),
            "TOML file that says what the clinic forbids beyond what the API promises",
        ),
        Option("--race", "CMS_RACE", None, "hold just this kind of race; with a finding's --seed, that very one first"),
    ),
    "budgets and results": (
        Option(
            "--slo", "CMS_SLO", str(ROOT / "config" / "slo.toml"), "TOML file with the budgets that the run is held to"
        ),
        Option("--baseline", "CMS_BASELINE", None, "folder of a passed run to be held against, or 'last'"),
        Option(
            "--require-baseline",
            "CMS_REQUIRE_BASELINE",
            None,
            "a run that finds no baseline to be held against is refused, or invalid",
            switch=True,
        ),
        Option(
            "--abort-on-breach",
            "CMS_ABORT_ON_BREACH",
            None,
            "end the run as failed when a budget stays broken after the grace time",
            switch=True,
        ),
        Option(
            "--abort-grace",
            "CMS_ABORT_GRACE",
            "30",
            "seconds of steady state before --abort-on-breach looks at the budgets",
            kind=at_least(float, 0.0),
        ),
        Option(
            "--until-sure",
            "CMS_UNTIL_SURE",
            None,
            "end the run as soon as every budget is decided with so many percent confidence (95, unless it says 99)",
            kind=a_confidence,
            alone="95",
        ),
        Option(
            "--at-least",
            "CMS_AT_LEAST",
            "20",
            "seconds of steady state before --until-sure looks for the first time",
            kind=at_least(float, 5.0),
        ),
        Option(
            "--lag-limit",
            "CMS_LAG_LIMIT",
            "100",
            "ms (p99) that the load generator itself may be late before the run is invalid",
            kind=at_least(float, 1.0),
        ),
        Option("--results", "CMS_RESULTS", str(ROOT / "results"), "where runs leave their folders"),
        Option(
            "--job-summary",
            "GITHUB_STEP_SUMMARY",
            None,
            "file that the verdict is added to, as Markdown; GitHub Actions names it by itself",
        ),
    ),
    "searches": (
        Option(
            "--must-hold",
            "CMS_MUST_HOLD",
            None,
            "breakpoint: fail when it holds fewer users than this",
            kind=A_COUNT,
        ),
        Option(
            "--step-users",
            "CMS_STEP_USERS",
            "25",
            "breakpoint: users of the first step; the next have twice as many each",
            kind=A_COUNT,
        ),
        Option(
            "--step-settle",
            "CMS_STEP_SETTLE",
            "10",
            "breakpoint: seconds before it measures",
            kind=at_least(int, 0),
        ),
        Option(
            "--step-time",
            "CMS_STEP_TIME",
            "30",
            "breakpoint: seconds that it measures a step at most",
            kind=A_COUNT,
        ),
    ),
    "web UI": (
        Option(
            "--web-password",
            "CMS_WEB_PASSWORD",
            None,
            "the password that --web-login asks for: set it in .env, not here",
        ),
        Option(
            "--open-web-ui",
            "CMS_OPEN_WEB_UI",
            None,
            "let other machines that --web-host lets in use the web UI without --web-login",
            switch=True,
        ),
    ),
    "sandbox": (
        Option("--sandbox-args", "CMS_SANDBOX_ARGS", "", "options for the embedded sandbox, such as '--latency 20'"),
        Option(
            "--against-sandbox-args",
            "CMS_AGAINST_SANDBOX_ARGS",
            "",
            "duet without hosts: options for the sandbox of the old release",
        ),
    ),
}
"""As they stand in --help and in the README, but for those of the roles."""


def groups() -> Mapping[str, tuple[Option, ...]]:
    """All options by their group, those of every known role among them."""
    return {**GROUPS, ACCOUNTS: (*GROUPS[ACCOUNTS], *_of_the_roles())}


def all_options() -> tuple[Option, ...]:
    return tuple(option for options in groups().values() for option in options)


def _of_the_roles() -> Iterator[Option]:
    roles = known_roles()
    for role in roles:
        yield Option(f"--{role}-username", f"CMS_{role.upper()}_USERNAME", None, f"the account of every {role}")
        yield Option(
            f"--{role}-password", f"CMS_{role.upper()}_PASSWORD", None, "its password: set it in .env, not here"
        )
    yield Option(
        "--role-names",
        "CMS_ROLE_NAMES",
        ",".join(f"{role}={'|'.join(known.names_in_tokens)}" for role, known in roles.items()),
        "what the CMS calls each role in its tokens; alternatives with | between them",
    )


def options_of(environment: Environment) -> Namespace:
    """The options as parsed: what everything but Locust itself reads."""
    return cast(Namespace, environment.parsed_options)
