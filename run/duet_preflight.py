"""Before a duet: the other host must be as able to take the load as the first, and must not share its database."""

from locust.env import Environment
from locust.runners import WorkerRunner

from collections.abc import Iterator

import gevent

from api.endpoints import CREATE_ACCESS_CODE, DELETE_ACCESS_CODE, LIST_ACCESS_CODES
from api.failures import TaskCannotGoOn
from config.errors import SetupError
from config.options import options_of
from config.screen import Screen
from records.survey import OF_THE_OTHER, remember
from run.duet_options import is_duet
from run.duet_run import other_settings
from run.preflight import check_before_load
from run.roles import accounts_in, roles_in
from run.setup import settings_of
from run.take_survey import first_of_each_role, survey_alone
from users.accounts import Account
from users.admin import AdminUser
from users.cms_user import CMSUser
from users.run_context import RunSettings
from users.unreported import unreported_user

TITLE = "The same on OLD"
LOOKS = 2
SECONDS_BETWEEN_LOOKS = 0.5


def check_the_other(environment: Environment) -> None:
    """After the first host was found able: raises SetupError, which names the other, when that is not."""
    options = options_of(environment)
    if isinstance(environment.runner, WorkerRunner) or not is_duet(environment):
        return
    new, old, accounts = settings_of(environment), other_settings(environment), accounts_in(environment)
    if options.no_preflight:
        remember(options, survey_alone(old, accounts), OF_THE_OTHER)
        return
    screen = Screen(stderr=bool(options.json))
    further = () if options.read_only else databases_are_apart(new, old, first_of_each_role(accounts)[AdminUser.role])
    try:
        found = check_before_load(screen, old, roles_in(environment), accounts, TITLE, further)
    except SetupError as problem:
        raise SetupError(_named(problem, old.server.url), "") from None
    remember(options, found, OF_THE_OTHER)


def databases_are_apart(new: RunSettings, old: RunSettings, account: Account) -> Iterator[tuple[str, str]]:
    """Writes an access code to the one and looks for it on the other. Raises SetupError when it is there."""
    writer, reader = (unreported_user(AdminUser, account, settings) for settings in (new, old))
    try:
        writer.settle_in()
        reader.settle_in()
        seen = _is_seen(writer, reader)
    except TaskCannotGoOn as failure:
        raise SetupError(
            f"whether the databases are separate could not be found out: {failure}", "look at it"
        ) from None
    finally:
        writer.client.close()
        reader.client.close()
    if seen:
        raise SetupError(
            f"{new.server.url} and {old.server.url} have one database: what is written to one is seen on the other",
            "give each its own, so that they do not slow each other down",
        )
    yield "databases are separate", f"what {new.server.url} was given is not there"


def _is_seen(writer: CMSUser, reader: CMSUser) -> bool:
    """The access code is gone again afterwards."""
    body = writer.payloads.access_code(writer.session.user_id)
    code = writer.client.call(CREATE_ACCESS_CODE, body)
    try:
        for look in range(LOOKS):
            gevent.sleep(SECONDS_BETWEEN_LOOKS if look else 0)
            if any(
                row.codigo == body["codigo"]
                for row in reader.client.call(LIST_ACCESS_CODES, search=body["codigo"]).data
            ):
                return True
        return False
    finally:
        writer.client.call(DELETE_ACCESS_CODE, id=code.id)


def _named(problem: SetupError, url: str) -> str:
    told = str(problem)
    return told if url in told else f"on OLD, {url}: {told}"
