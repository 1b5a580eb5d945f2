"""The survey before the load: read once, by the process that people talk to; workers get it with the options."""

import logging
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import msgspec

from api.endpoints import LIST_ADDRESSES, LIST_USERS
from api.failures import TaskCannotGoOn
from api.transport.client import ApiClient
from config.errors import SetupError
from records.survey import COLONIA, ROLES, Survey
from run.surveyor import Surveyor
from run.time_shift import time_shift
from users.accounts import Account
from users.admin import AdminUser
from users.cms_user import CMSUser
from users.run_context import RunSettings
from users.session import Session
from users.unreported import unreported_user

logger = logging.getLogger(__name__)

MAX_READ_SECONDS = 10.0
FORBIDDEN = (401, 403)
ENFORCING = "patient"
"""The role whose rights tell whether any are looked at: a patient has no business with the list of users."""


def survey_by(person: CMSUser, others: Iterable[CMSUser] = ()) -> Survey:
    """What `person`, who is signed in, finds out; of `others`, who are too, a patient tries what it should not do.

    A route that hangs holds it up for MAX_READ_SECONDS only. Raises SetupError when an administrator may not list the
    users, or when nobody answers any more.
    """
    settings = person.settings
    limits = replace(settings.limits, read_seconds=min(settings.limits.read_seconds, MAX_READ_SECONDS))
    client = ApiClient(person, settings.server, limits)
    client.tokens, client.time_shift = person.session, None
    surveyor = Surveyor(client.call)
    try:
        surveyor.read_everything()
        found = Survey(
            host=settings.server.url,
            roles=surveyor.roles(settings.role_names),
            catalogs=surveyor.catalogs(),
            colonia=surveyor.colonia(),
            largest_page=surveyor.largest_page(),
            roles_enforced=_are_roles_enforced(others),
            keep_alive=client.keep_alive_seconds,
            time_shift=time_shift(surveyor),
            empty=[path for path, rows in surveyor.rows.items() if not rows],
        )
    except TaskCannotGoOn as failure:
        raise SetupError(
            f"the survey of {settings.server.url} was not finished: {failure}", "look at the API"
        ) from None
    finally:
        client.close()
    found = msgspec.structs.replace(found, answers=surveyor.answers)
    _refuse_without_rights(person, found)
    return msgspec.structs.replace(found, unknown=dict(_unknown(found, settings)))


def survey(settings: RunSettings, accounts: Iterable[Account]) -> Survey:
    """Signs in an administrator, or whoever there is, and looks. Raises SetupError when that cannot be done."""
    first = first_of_each_role(accounts)
    account = first.get(AdminUser.role) or next(iter(first.values()))
    person = unreported_user(AdminUser, account, settings)
    person.session = Session(person.client, account, settings.role_names[account.role])
    try:
        person.session.renew()
        return survey_by(person)
    except TaskCannotGoOn as failure:
        raise SetupError(
            f"the {account.role} account {account.username!r} cannot be used: {failure}",
            "without it nobody knows the ids of this CMS",
        ) from None
    finally:
        person.client.close()


def survey_alone(settings: RunSettings, accounts: Iterable[Account]) -> Survey:
    """The survey of a run without a preflight: when it cannot be made, the run does without what it would tell."""
    if settings.read_only:
        return Survey()
    try:
        return survey(settings, accounts)
    except SetupError as problem:
        logger.warning("No survey (%s): steps that need to know the ids of this CMS are left out", problem)
        return Survey()


def first_of_each_role(accounts: Iterable[Account]) -> dict[str, Account]:
    first: dict[str, Account] = {}
    for account in accounts:
        first.setdefault(account.role, account)
    return first


def _are_roles_enforced(others: Iterable[CMSUser]) -> bool | None:
    for person in others:
        if person.role == ENFORCING:
            try:
                person.client.call(LIST_USERS, limit=1)
            except TaskCannotGoOn as failure:
                return True if failure.reason.status in FORBIDDEN else None
            return False
    return None


def _refuse_without_rights(person: CMSUser, survey: Survey) -> None:
    answer = survey.broken.get(str(LIST_USERS), "")
    if person.account.role == AdminUser.role and any(f"got {status}" in answer for status in FORBIDDEN):
        raise SetupError(
            f"the admin account {person.account.username!r} may not list the users: {answer}",
            "sign in as an administrator: CMS_ADMIN_USERNAME and CMS_ADMIN_PASSWORD in .env, or --accounts",
        )


def _unknown(survey: Survey, settings: RunSettings) -> Iterable[tuple[str, Any]]:
    missing = [role for role in ("doctor", "patient") if role not in survey.roles]
    if missing:
        named = " or ".join(settings.role_names[role][0] for role in missing)
        yield ROLES, f"no user with the role {named} was found, so nobody knows its id"
    if survey.colonia is None:
        answer = survey.broken.get(str(LIST_ADDRESSES))
        why = f"{LIST_ADDRESSES} is broken" if answer else "no patient that was looked at has an address"
        yield COLONIA, f"{why}, so no id_colonia could be learned"
