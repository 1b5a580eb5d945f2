"""The administrator behind the suite's commands: signed in at the named CMS, and in no statistics."""

from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from api.failures import TaskCannotGoOn
from api.transport.server import Limits, Server
from config.errors import SetupError
from config.parser import refuse_secrets_on_the_command_line
from config.values import role_names
from records.marks import Mark
from run.host import checked_host
from users.account_sources import accounts_of
from users.accounts import Account
from users.admin import AdminUser
from users.run_context import RunSettings
from users.unreported import unreported_user


@contextmanager
def administrator(options: Namespace, accounts_file: str | None) -> Iterator[AdminUser]:
    """A signed-in administrator for the length of the block. Raises SetupError when there is none to be had."""
    refuse_secrets_on_the_command_line()
    if not options.host:
        raise SetupError("no host given", "name the CMS with --host")
    account = _account(options, accounts_file)
    person = unreported_user(AdminUser, account, _settings(options))
    person.client.time_shift = None  # nobody has asked in which zone the server runs
    try:
        _sign_in(person, account)
        yield person
    finally:
        person.client.close()


def _account(options: Namespace, accounts_file: str | None) -> Account:
    named = Namespace(**{**vars(options), "accounts": accounts_file})
    return accounts_of(named, [AdminUser.role])[0]


def _settings(options: Namespace) -> RunSettings:
    return RunSettings(
        server=Server(checked_host(options.host, options.allow_host), verify_tls=not options.insecure),
        limits=Limits(options.connect_timeout, options.read_timeout, options.request_timeout, options.max_answer),
        role_names=role_names(options.role_names),
        think_time=(0.0, 0.0),
        seed="",
        mark=Mark("command"),
    )


def _sign_in(person: AdminUser, account: Account) -> None:
    try:
        person.settle_in()
    except TaskCannotGoOn as failure:
        raise SetupError(
            f"the admin account {account.username!r} cannot be used: {failure}",
            "correct --host, or CMS_ADMIN_USERNAME and CMS_ADMIN_PASSWORD in .env",
        ) from None
