"""Before and after the load: which CMS, who signs in, does it answer; and everything that was started ends again."""

from locust.env import Environment
from locust.event import Events
from locust.runners import WorkerRunner

from typing import Any

from config.errors import MachineError, SetupError, refuse
from config.options import options_of
from config.parser import add_options, refuse_secrets_on_the_command_line
from config.results import abandon
from run.cleanup import CleanUp, hand_over_remains
from run.coverage_run import CoverageRun
from run.empty_load import refuse_an_empty_load
from run.host import ensure_host
from run.interrupt import end_well, leave_at_once
from run.load_start import add_load_start
from run.open_files import refuse_too_few_open_files
from run.roles import accounts_in, drop_roles_without_tasks, keep_to_reading
from run.setup import set_up_accounts, start_test, suite_of
from run.web_form import check_the_page


def attach(events: Events) -> None:
    """The only place where the life of a run is tied to Locust's events, but for the check before the load."""
    events.init_command_line_parser.add_listener(add_options)
    events.init_command_line_parser.add_listener(leave_at_once)
    events.init.add_listener(prepare)
    add_load_start(events)
    events.load_start.add_listener(start_test)  # type: ignore[attr-defined]


def prepare(environment: Environment, **_: Any) -> None:
    """Makes the run ready, or ends the process with one line and exit code 2 before anything is sent."""
    end_well(environment)
    try:
        if isinstance(environment.runner, WorkerRunner):
            set_up_accounts(environment, [])
            hand_over_remains(environment)
        else:
            _prepare_the_run(environment)
    except (SetupError, OSError) as error:
        abandon(options_of(environment))
        refuse(MachineError.of(error) if isinstance(error, OSError) else error)


def _prepare_the_run(environment: Environment) -> None:
    options = options_of(environment)
    refuse_secrets_on_the_command_line()
    refuse_an_empty_load(options)
    refuse_too_few_open_files(options)
    if options.read_only:
        keep_to_reading(environment)
    drop_roles_without_tasks(environment)
    accounts = accounts_in(environment)
    set_up_accounts(environment, accounts)
    check_the_page(environment)
    ensure_host(environment)
    suite_of(environment)
    if options.each_task_once:
        CoverageRun(environment).attach()
    if not options.read_only:
        CleanUp(accounts, lambda: environment.monitor.lost_workers()).attach(environment)  # type: ignore[attr-defined]
