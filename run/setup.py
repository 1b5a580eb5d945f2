"""Opens the clinic to its users when a test starts: what was set until then, on the command line or in the web UI."""

from locust.env import Environment
from locust.runners import MasterRunner, WorkerRunner

import logging
import secrets
from argparse import Namespace
from collections.abc import Iterable
from typing import Any

from api.transport.server import Limits, Server
from config.options import options_of
from config.values import role_names, think_time
from load.shape import load_plan
from records.marks import Mark, checked_tag, tag_of_now
from records.survey import remembered
from run.roles import keep_to_reading
from users.account_broker import MasterBroker, WorkerBroker
from users.accounts import Account, AccountPool
from users.run_context import RunSettings, run_context

logger = logging.getLogger(__name__)

SHORTEST_CUT_OFF_SECONDS = 1.0


def set_up_accounts(environment: Environment, accounts: Iterable[Account]) -> None:
    """Users find the account broker of their process in the run's context; each test deals anew."""
    context, runner = run_context(environment), environment.runner
    if isinstance(runner, WorkerRunner):
        context.accounts = WorkerBroker(runner)
        return
    context.accounts = pool = AccountPool(accounts)
    dealer = MasterBroker(pool, runner) if isinstance(runner, MasterRunner) else pool
    context.load_start.add_listener(lambda **_: dealer.reset())


def start_test(environment: Environment, **_: Any) -> None:
    """Listens to `load_start`, on every process: from here on users find all they need in the run's context."""
    run_context(environment).begin(settings_of(environment), load_plan(environment))
    if options_of(environment).read_only:
        keep_to_reading(environment)


def settings_of(environment: Environment) -> RunSettings:
    """What the options say, as users need it. Raises SetupError for a value that cannot be used."""
    options = options_of(environment)
    return RunSettings(
        server=Server((environment.host or "").rstrip("/"), verify_tls=not options.insecure),
        limits=Limits(
            options.connect_timeout,
            options.read_timeout,
            options.request_timeout,
            options.max_answer,
            min(Limits.cut_off_seconds, max(options.stop_timeout, SHORTEST_CUT_OFF_SECONDS)),
        ),
        role_names=role_names(options.role_names),
        think_time=think_time(options.think_time),
        seed=seed_of(options),
        mark=mark_of(options),
        read_only=bool(options.read_only),
        each_task_once=bool(options.each_task_once),
        trace=options.trace,
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
