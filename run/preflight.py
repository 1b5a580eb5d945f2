"""Before the load: what would make the whole run fail is found in seconds, with its fix."""

from locust.env import Environment
from locust.runners import WorkerRunner

import logging
import time
from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.endpoints import CREATE_ACCESS_CODE, DATABASE_HEALTH, DELETE_ACCESS_CODE, HEALTH
from api.failures import TOO_MANY_REQUESTS, TaskCannotGoOn
from api.redaction import visible
from config.errors import SetupError
from config.options import options_of
from config.screen import Screen
from run.roles import accounts_in, roles_in
from run.setup import settings_of
from users.accounts import Account
from users.admin import AdminUser
from users.cms_user import CMSUser
from users.run_context import RunSettings
from users.unreported import unreported_user

logger = logging.getLogger(__name__)

CLOCK_TOLERANCE_SECONDS = 60.0
SHORT_LIFE_SECONDS = 10.0


def check_the_api(environment: Environment) -> None:
    """Whether a load of this run could be a good one. Raises SetupError when it could not."""
    options = options_of(environment)
    headless = options.headless or options.autostart
    if options.no_preflight or not headless or isinstance(environment.runner, WorkerRunner):
        return
    check_before_load(Screen(), settings_of(environment), roles_in(environment), accounts_in(environment))


def check_before_load(
    console: Console, settings: RunSettings, roles: Sequence[type[CMSUser]], accounts: Iterable[Account]
) -> None:
    """Prints what passed. Raises SetupError with the first thing that did not; nothing of it is counted."""
    first: dict[str, Account] = {}
    for account in accounts:
        first.setdefault(account.role, account)
    people = [unreported_user(role, first[role.role], settings) for role in roles]
    writer = None if settings.read_only else unreported_user(AdminUser, first[AdminUser.role], settings)
    table = Table("Before the load", "", box=None, pad_edge=False)
    try:
        for passed, detail in _checks(people, writer, settings):
            table.add_row(passed, f"[green]ok[/]  {escape(visible(detail))}")
    finally:
        if table.row_count:
            console.print(table)
        for person in (*people, writer):
            if person is not None:
                person.client.close()


def _checks(people: Sequence[CMSUser], writer: CMSUser | None, settings: RunSettings) -> Iterator[tuple[str, str]]:
    """What passed, one after the other, in the words of the table."""
    anyone = people[0]
    _host_answers(anyone, settings)
    yield "host answers", settings.server.url
    yield "database is healthy", _database_version(anyone, settings)
    for person in people:
        _signs_in(person)
        found = f", {person.role} record {person.me.id}" if person.me else ""
        yield f"{person.role} signs in", f"{person.account.username}{found}"
    if anyone.session.token_life < SHORT_LIFE_SECONDS:
        logger.warning("Tokens live %g s only: sign-ins will be much of the load", anyone.session.token_life)
    yield "clocks agree", f"within {_clock_difference(anyone, settings):.0f} s"
    if writer is not None:
        _writes_and_removes(writer)
        yield "writes are allowed", "an access code was made and removed"


def _host_answers(person: CMSUser, settings: RunSettings) -> None:
    try:
        person.client.call(HEALTH)
    except TaskCannotGoOn as failure:
        raise SetupError(
            f"{settings.server.url} is not a CMS that answers {HEALTH}: {failure}",
            "start the CMS there, correct the host, or leave it out to use the sandbox",
        ) from None


def _database_version(person: CMSUser, settings: RunSettings) -> str:
    try:
        return str(person.client.call(DATABASE_HEALTH).database.version.split(" on ")[0])
    except TaskCannotGoOn as failure:
        raise SetupError(f"the database behind {settings.server.url} is not healthy: {failure}", "look at it") from None


def _signs_in(person: CMSUser) -> None:
    account = person.account
    try:
        person.settle_in()
    except TaskCannotGoOn as failure:
        raise SetupError(
            f"the {account.role} account {account.username!r} cannot be used: {failure}", _fix(failure, account)
        ) from None


def _fix(failure: TaskCannotGoOn, account: Account) -> str:
    """Whose fault it is that somebody does not get in."""
    if failure.reason.status == TOO_MANY_REQUESTS:
        return "the API limits the rate of requests: switch that off for this test"
    if failure.reason.passing:
        return "that is the API's: the account may be right, look at its log"
    role = account.role.upper()
    return f"correct it in --accounts, or CMS_{role}_USERNAME and CMS_{role}_PASSWORD in .env"


def _clock_difference(person: CMSUser, settings: RunSettings) -> float:
    """By how many seconds the clocks differ, judged by when the host says that it made the token."""
    difference = abs(time.time() - person.session.signed_in_at)
    if difference > CLOCK_TOLERANCE_SECONDS:
        raise SetupError(
            f"the clock of {settings.server.url} and the one here differ by {difference:.0f} s",
            "set the wrong one, or times in the results mean nothing",
        )
    return difference


def _writes_and_removes(person: CMSUser) -> None:
    try:
        person.settle_in()
        code = person.client.call(CREATE_ACCESS_CODE, person.payloads.access_code(person.session.user_id))
        person.client.call(DELETE_ACCESS_CODE, id=code.id)
    except TaskCannotGoOn as failure:
        raise SetupError(
            f"the admin account {person.account.username!r} cannot write: {failure}",
            "give it the right, or add --read-only",
        ) from None
