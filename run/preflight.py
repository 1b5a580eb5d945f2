"""Before the load: what would make the whole run fail is found in seconds, with its fix."""

from locust.env import Environment
from locust.runners import WorkerRunner

import logging
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.endpoints import CREATE_ACCESS_CODE, DATABASE_HEALTH, DELETE_ACCESS_CODE, HEALTH, LIST_ACCESS_CODES
from api.failures import TOO_MANY_REQUESTS, TaskCannotGoOn
from api.redaction import visible
from config.errors import SetupError
from config.options import options_of
from config.screen import Screen
from records.payloads import Payloads
from records.survey import Survey, remember
from run.roles import accounts_in, roles_in
from run.setup import settings_of
from run.take_survey import first_of_each_role, survey_alone, survey_by
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
    if not (options.headless or options.autostart) or isinstance(environment.runner, WorkerRunner):
        return
    settings, accounts = settings_of(environment), accounts_in(environment)
    if options.no_preflight:
        remember(options, survey_alone(settings, accounts))
    else:
        screen = Screen(stderr=bool(options.json))
        remember(options, check_before_load(screen, settings, roles_in(environment), accounts))


def check_before_load(
    console: Console,
    settings: RunSettings,
    roles: Sequence[type[CMSUser]],
    accounts: Iterable[Account],
    title: str = "Before the load",
    further: Iterable[tuple[str, str]] = (),
) -> Survey:
    """Prints what passed, and returns what was learned. Raises SetupError with the first thing that did not pass.

    `further` are checks to be made in the end: each comes when it has passed.
    """
    preflight = Preflight(settings, roles, first_of_each_role(accounts))
    table = Table(title, "", box=None, pad_edge=False)
    try:
        for passed, detail in chain(preflight.checks(), further):
            table.add_row(passed, f"[green]ok[/]  {escape(visible(detail))}")
    finally:
        if table.row_count:
            console.print(table)
        preflight.close()
    for what in preflight.survey.unknown.values():
        logger.warning("%s%s", what[0].upper(), what[1:])
    return preflight.survey


class Preflight:
    """What one person of each role, and an administrator where the run writes, find out; nothing of it is counted."""

    def __init__(self, settings: RunSettings, roles: Iterable[type[CMSUser]], accounts: Mapping[str, Account]) -> None:
        self._settings = settings
        self._people = [unreported_user(role, accounts[role.role], settings) for role in roles]
        self._writer = None if settings.read_only else unreported_user(AdminUser, accounts[AdminUser.role], settings)
        self.survey = Survey()

    def checks(self) -> Iterator[tuple[str, str]]:
        """What passed, one after the other, in the words of the table."""
        anyone = self._people[0]
        _host_answers(anyone, self._settings)
        yield "host answers", self._settings.server.url
        yield "database is healthy", _database_version(anyone, self._settings)
        for person in self._people:
            _signs_in(person)
            found = f", {person.role} record {person.own_id}" if person.own_id else ""
            yield f"{person.role} signs in", f"{person.account.username}{found}"
        if anyone.session.token_life < SHORT_LIFE_SECONDS:
            logger.warning("Tokens live %g s only: sign-ins will be much of the load", anyone.session.token_life)
        yield "clocks agree", f"within {_clock_difference(anyone, self._settings):.0f} s"
        yield "survey", self._survey()
        if self._writer is not None:
            yield "writes are allowed", self._write()

    def close(self) -> None:
        for person in (*self._people, self._writer):
            if person is not None:
                person.client.close()

    def _survey(self) -> str:
        if self._writer is not None:
            _signs_in(self._writer)
        admins = [person for person in self._people if person.role == AdminUser.role]
        self.survey = survey_by(self._writer or (admins or self._people)[0], self._people)
        broken = len(self.survey.broken)
        return f"{len(self.survey.answers) - broken} readable routes work" + (f", {broken} do not" if broken else "")

    def _write(self) -> str:
        assert self._writer is not None
        self._writer.payloads = Payloads(self._settings.mark, self._writer.random, self.survey)
        shift = _writes_and_removes(self._writer)
        if self.survey.time_shift is None and shift is not None:
            self.survey = msgspec.structs.replace(self.survey, time_shift=shift)
        return "an access code was made and removed"


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
    settings = f"correct it in --accounts, or CMS_{role}_USERNAME and CMS_{role}_PASSWORD in .env"
    return settings if account.role == AdminUser.role else f"make accounts with scenarios/provision.sh, or {settings}"


def _clock_difference(person: CMSUser, settings: RunSettings) -> float:
    """By how many seconds the clocks differ, judged by when the host says that it made the token."""
    difference = abs(time.time() - person.session.signed_in_at)
    if difference > CLOCK_TOLERANCE_SECONDS:
        raise SetupError(
            f"the clock of {settings.server.url} and the one here differ by {difference:.0f} s",
            "set the wrong one, or times in the results mean nothing",
        )
    return difference


def _writes_and_removes(person: CMSUser) -> int | None:
    """By how many minutes the time that was written came back shifted, if it was found again."""
    body = person.payloads.access_code(person.session.user_id)
    try:
        code = person.client.call(CREATE_ACCESS_CODE, body)
        rows = person.client.call(LIST_ACCESS_CODES, search=body["codigo"]).data
        person.client.call(DELETE_ACCESS_CODE, id=code.id)
    except TaskCannotGoOn as failure:
        raise SetupError(
            f"the admin account {person.account.username!r} cannot write: {failure}", _fix_of_write(failure)
        ) from None
    written = datetime.fromisoformat(body["expira_en"])
    read = next((row.expira_en for row in rows if row.id == code.id and row.expira_en), None)
    return None if read is None else round((read - written).total_seconds() / 60)


def _fix_of_write(failure: TaskCannotGoOn) -> str:
    if failure.reason.passing:
        return "that is the API's: look at its log, or add --read-only"
    return "give it the right, or add --read-only"
