"""One user alone, as Locust's run_single_user starts it under a debugger: no figures, no verdict, no clean-up."""

from locust.env import Environment

from typing import Any

from config.errors import MachineError, SetupError, refuse
from config.options import options_of
from config.parser import refuse_secrets_on_the_command_line
from records.survey import remember
from run.host import check_host, ensure_host
from run.interrupt import interrupt_as_python_does
from run.roles import accounts_in
from run.setup import set_up_accounts, settings_of, start_test
from run.take_survey import survey_alone
from users.run_context import run_context


def is_single_user(environment: Environment) -> bool:
    """Whether nobody runs the users but the one who calls run_single_user."""
    return environment.runner is None


def prepare_single_user(environment: Environment) -> None:
    """At `init` nobody knows yet whose user it will be: the rest is done when the test starts."""
    interrupt_as_python_does()
    refuse_secrets_on_the_command_line()
    run_context(environment).load_start.add_listener(_open)


def _open(environment: Environment, **_: Any) -> None:
    try:
        check_host(environment)
        ensure_host(environment)
        accounts = accounts_in(environment)
        set_up_accounts(environment, accounts)
        remember(options_of(environment), survey_alone(settings_of(environment), accounts))
        start_test(environment)
    except (SetupError, OSError) as error:
        refuse(MachineError.of(error) if isinstance(error, OSError) else error)
