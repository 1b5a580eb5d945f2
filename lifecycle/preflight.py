"""Before the load: the host answers, and each role can sign in and finds its own record."""

from locust.env import Environment
from locust.event import Events

from collections.abc import Iterable

from api.client import ApiClient
from api.endpoints import HEALTH
from api.failures import TaskCannotGoOn
from config.errors import SetupError
from lifecycle.cast import roles_in
from lifecycle.opening import suite_of
from users.accounts import Account
from users.base import CMSUser
from users.suite import Suite


def check_before_load(environment: Environment, accounts: Iterable[Account]) -> None:
    """Raises SetupError with the first thing that would make the whole run fail. Nothing of it is counted."""
    suite = suite_of(environment)
    unheard = Environment(events=Events())
    for role in roles_in(environment):
        account = next(account for account in accounts if account.role == role.role)
        visitor = role(unheard)
        visitor.become(account, suite)
        _check_host(visitor.client, suite)
        _check_sign_in(visitor)
        visitor.client.close()


def _check_host(client: ApiClient, suite: Suite) -> None:
    try:
        client.call(HEALTH)
    except TaskCannotGoOn as failure:
        raise SetupError(
            f"{suite.server.url} is not a CMS that answers {HEALTH}: {failure}",
            "start the CMS there, correct the host, or leave it out to use the sandbox",
        ) from None


def _check_sign_in(visitor: CMSUser) -> None:
    account = visitor.account
    try:
        visitor.settle_in()
    except TaskCannotGoOn as failure:
        raise SetupError(
            f"the {account.role} account {account.username!r} cannot be used: {failure}",
            f"correct it in --accounts, or CMS_{account.role.upper()}_USERNAME and _PASSWORD in .env",
        ) from None
