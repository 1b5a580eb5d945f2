"""Before and after the load: which CMS, who signs in, does it answer; and everything that was started ends again."""

from locust.env import Environment
from locust.event import Events
from locust.runners import WorkerRunner

from typing import Any

from rich.console import Console

from config.errors import SetupError, refuse
from config.options import add_options, options_of, refuse_secrets_on_the_command_line
from lifecycle.cast import drop_roles_without_tasks, keep_to_reading, roles_in
from lifecycle.host import ensure_host
from lifecycle.interrupt import end_well_on_ctrl_c
from lifecycle.opening import open_the_desk, open_to_users, suite_of
from lifecycle.preflight import check_before_load
from lifecycle.start import add_load_start
from lifecycle.tidying import Tidying
from lifecycle.tour import Tour
from lifecycle.web import check_what_the_page_sends
from users.accounts import Account
from users.admin import AdminUser
from users.sources import accounts_of


def attach(events: Events) -> None:
    """The only place where the life of a run is tied to Locust's events."""
    events.init_command_line_parser.add_listener(add_options)
    events.init.add_listener(prepare)
    add_load_start(events)
    events.load_start.add_listener(open_to_users)  # type: ignore[attr-defined]


def prepare(environment: Environment, **_: Any) -> None:
    """Makes the run ready, or ends the process with one line and exit code 2 before any load."""
    try:
        if isinstance(environment.runner, WorkerRunner):
            open_the_desk(environment, [])
        else:
            _prepare_the_run(environment)
    except SetupError as error:
        refuse(error)
    end_well_on_ctrl_c()


def _prepare_the_run(environment: Environment) -> None:
    options = options_of(environment)
    refuse_secrets_on_the_command_line()
    if options.read_only:
        keep_to_reading(environment)
    drop_roles_without_tasks(environment)
    accounts = _accounts(environment)
    open_the_desk(environment, accounts)
    ensure_host(environment)
    suite = suite_of(environment)
    if (options.headless or options.autostart) and not options.no_preflight:
        check_before_load(Console(), suite, roles_in(environment), accounts)
    check_what_the_page_sends(environment)
    if options.each_task_once:
        Tour(environment).attach()
    if not options.read_only:
        Tidying(accounts).attach(environment.events)


def _accounts(environment: Environment) -> list[Account]:
    """The accounts of all roles in the run; where it writes, an administrator cleans up."""
    options = options_of(environment)
    roles = {role.role for role in roles_in(environment)}
    return accounts_of(options, roles if options.read_only else {*roles, AdminUser.role})
