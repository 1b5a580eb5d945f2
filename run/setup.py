"""Opens the clinic to its users when a test starts: what was set until then, on the command line or in the web UI."""

from locust.env import Environment

import logging
import secrets
from argparse import Namespace
from collections.abc import Iterable
from typing import Any

from api.transport.server import Limits, Server
from config.options import options_of
from config.values import role_names, think_time
from records.marks import Mark, checked_tag, tag_of_now
from records.survey import remembered
from run.roles import keep_to_reading
from users.account_broker import MasterBroker, broker_for
from users.accounts import Account, AccountPool
from users.run_context import Objections, Suite

logger = logging.getLogger(__name__)

SHORTEST_CUT_OFF_SECONDS = 1.0


def set_up_accounts(environment: Environment, accounts: Iterable[Account]) -> None:
    """Puts the account broker of this process into its place."""
    environment.accounts = broker_for(environment, AccountPool(accounts))  # type: ignore[attr-defined]


def start_test(environment: Environment, **_: Any) -> None:
    """Listens to load_start, on every process: from here on users find all they need in `environment.suite`.

    `environment.objections` takes what speaks against the run besides its figures.
    """
    desk = environment.accounts  # type: ignore[attr-defined]
    if isinstance(desk, AccountPool | MasterBroker):
        desk.reset()
    environment.suite = suite_of(environment)  # type: ignore[attr-defined]
    environment.objections = Objections()  # type: ignore[attr-defined]
    if options_of(environment).read_only:
        keep_to_reading(environment)


def suite_of(environment: Environment) -> Suite:
    """What the options say, as users need it. Raises SetupError for a value that cannot be used."""
    options = options_of(environment)
    return Suite(
        server=Server((environment.host or "").rstrip("/"), verify_tls=not options.insecure),
        limits=Limits(
            options.connect_timeout,
            options.read_timeout,
            options.request_timeout,
            options.max_answer,
            min(Limits.cut_off_seconds, max(options.stop_timeout, SHORTEST_CUT_OFF_SECONDS)),
        ),
        accounts=environment.accounts,  # type: ignore[attr-defined]
        role_names=role_names(options.role_names),
        think_time=think_time(options.think_time),
        seed=seed_of(options),
        mark=mark_of(options),
        read_only=bool(options.read_only),
        each_task_once=bool(options.each_task_once),
        survey=remembered(options),
    )


def seed_of(options: Namespace) -> str:
    """The seed of all random choices; a new one is taken once, and workers get the master's with the options."""
    if not options.seed:
        options.seed = secrets.token_hex(4)
        logger.info("Seed of this run: %s (repeat its choices with --seed %s)", options.seed, options.seed)
    return str(options.seed)


def mark_of(options: Namespace) -> Mark:
    """The mark of everything the run writes. Raises SetupError for a tag that cannot be one."""
    options.run_tag = checked_tag(options.run_tag or tag_of_now())
    return Mark(options.run_tag)
