"""One run from its start to its end: which CMS, who signs in, does it answer; and whatever was started ends again."""

from locust.env import Environment
from locust.event import Events
from locust.runners import WorkerRunner

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import reporting
from access.audit_state import audit_state
from config.budget_file import Names, Slo
from config.errors import MachineError, SetupError, check_all, refuse
from config.options import options_of
from config.parser import add_options, refuse_secrets_on_the_command_line
from config.results import abandon
from config.values import role_names, think_time
from reporting.baseline import check_baseline
from reporting.known_names import names
from reporting.run_monitor import RunMonitor
from reporting.views.locust_files import make_cells_safe
from run.access_options import check_access
from run.access_run import AccessRun
from run.access_share import AccessShare
from run.cleanup import CleanUp, hand_over_remains
from run.coverage_run import CoverageRun
from run.duet_options import check_duet
from run.duet_preflight import check_the_other
from run.empty_load import refuse_an_empty_load
from run.host import check_host, ensure_host
from run.integrity_options import check_integrity
from run.integrity_run import IntegrityRun
from run.interrupt import end_well, leave_at_once
from run.load_start import pass_on_starts
from run.open_files import refuse_too_few_open_files
from run.preflight import check_the_api
from run.roles import accounts_in, all_roles, drop_roles_without_tasks, keep_to_reading, roles_in
from run.setup import mark_of, seed_of, set_up_accounts, start_test
from run.single_user import is_single_user, prepare_single_user
from run.until_sure_options import check_until_sure
from run.watching import check_watching, watch
from run.web_form import check_the_page
from run.web_login import guard_the_page
from users.run_context import run_context

Step = Callable[[Environment], None]


def attach(events: Events, *more_steps: Step) -> None:
    """Ties the suite to Locust's events, once for each locustfile, after its roles were imported.

    At `init` these steps are taken, in this order; nothing is sent to the CMS before the last two.
    """
    all_roles()
    known = names()  # now, before --read-only or --tags take tasks away
    steps: tuple[Step, ...] = (
        partial(_prepare, known=known),
        *more_steps,
        reporting.start,
        check_the_api,
        check_the_other,
    )

    def on_init(environment: Environment, **_: Any) -> None:
        try:
            if is_single_user(environment):
                return prepare_single_user(environment)
            end_well(environment)
            for step in steps:
                step(environment)
        except (SetupError, OSError) as error:
            abandon(options_of(environment))
            refuse(MachineError.of(error) if isinstance(error, OSError) else error)

    make_cells_safe()
    events.init_command_line_parser.add_listener(add_options)
    events.init_command_line_parser.add_listener(leave_at_once)
    events.init.add_listener(on_init)
    pass_on_starts(events)


def _prepare(environment: Environment, known: Names) -> None:
    run_context(environment).load_start.add_listener(start_test)
    AccessShare(environment).attach()
    IntegrityRun(environment).attach()
    if isinstance(environment.runner, WorkerRunner):
        set_up_accounts(environment, [])
        hand_over_remains(environment)
    else:
        _check_the_options(environment, known)
        _prepare_the_run(environment)


def _check_the_options(environment: Environment, known: Names) -> None:
    """All that can be wrong with what was asked for, at once."""
    options = options_of(environment)
    refuse_secrets_on_the_command_line()
    if options.read_only:
        keep_to_reading(environment)
    check_all(
        (
            lambda: refuse_an_empty_load(options),
            lambda: think_time(options.think_time),
            lambda: role_names(options.role_names),
            lambda: mark_of(options),
            lambda: check_host(environment),
            lambda: check_duet(environment),
            lambda: drop_roles_without_tasks(environment),
            lambda: accounts_in(environment),
            lambda: run_context(environment).put(Slo(Path(options.slo), known)),
            lambda: check_baseline(options),
            lambda: check_watching(environment),
            lambda: _check_access(environment),
            lambda: check_until_sure(environment),
            lambda: check_integrity(options),
        )
    )


def _check_access(environment: Environment) -> None:
    state = audit_state(run_context(environment))
    check_access(options_of(environment), state, [role.role for role in roles_in(environment)])


def _prepare_the_run(environment: Environment) -> None:
    options = options_of(environment)
    refuse_too_few_open_files(options)
    accounts = accounts_in(environment)
    set_up_accounts(environment, accounts)
    guard_the_page(environment)
    check_the_page(environment)
    ensure_host(environment)
    watch(environment)
    seed_of(options)
    if options.each_task_once:
        CoverageRun(environment).attach()
    if options.access_audit:
        AccessRun(environment).attach()
    if not options.read_only:
        context = run_context(environment)
        CleanUp(accounts, lambda: context.part(RunMonitor).lost_workers()).attach(environment)
