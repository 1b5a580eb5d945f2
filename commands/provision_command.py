"""The command that makes the test accounts for a real CMS and writes the accounts file, or takes both away."""

import secrets
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import track

from api.failures import TaskCannotGoOn
from commands.accounts_file import AccountsFile
from commands.administrator import administrator
from commands.provision import MAIL_DOMAIN, PREFIX, Call, NotOurs, Provision, username_of
from commands.role_ids import ids_of_roles
from config.commands import command_parser
from config.errors import SetupError
from config.known_roles import known_roles
from records.retry import retrying
from run.take_survey import survey_by
from users.accounts import Account
from users.cms_user import CMSUser

DEFAULT_FILE = "accounts.csv"
INCOMPLETE_EXIT_CODE = 1
MAX_ACCOUNTS = 10_000
PATIENCE_SECONDS = 600.0
"""For how long trouble that may pass is met by another try."""


def run(words: Sequence[str]) -> int:
    """Makes or removes accounts. Raises SetupError when it cannot begin."""
    parser = command_parser("Makes test accounts (user and own record) on a CMS, and the accounts file.")
    for role, known in known_roles().items():
        told = f"how many accounts of the role {role} (default {known.provisioned})"
        parser.add_argument(f"--{role}s", type=int, default=known.provisioned, help=told)
    parser.add_argument("--remove", action="store_true", help="remove all test accounts and their rows in the file")
    options = parser.parse_args(list(words))
    counts = {role: getattr(options, f"{role}s") for role in known_roles()}
    for count in counts.values():
        if not 0 <= count <= MAX_ACCOUNTS:
            raise SetupError(f"{count} accounts of one role are not possible", f"take 0 to {MAX_ACCOUNTS}")
    file = AccountsFile(Path(options.accounts or DEFAULT_FILE))
    with administrator(options, None) as person:
        call = retrying(person.client.call, time.monotonic() + PATIENCE_SECONDS)
        console = Console(soft_wrap=True, highlight=False)
        try:
            if options.remove:
                return remove_all(console, Provision(call, {}), file)
            needed = [role for role, count in counts.items() if count]
            return make_all(console, Provision(call, roles_of(person, call, needed)), file, counts)
        except TaskCannotGoOn as failure:
            raise SetupError(f"{options.host} does not do what is needed: {failure}", "look at its log") from None


def roles_of(person: CMSUser, call: Call, needed: Collection[str]) -> dict[str, int]:
    """The ids of the roles, also on a CMS where nobody has them yet."""
    trial = {**Account(f"{PREFIX}trial", new_password(), "").credentials(), "correo": f"{PREFIX}trial@{MAIL_DOMAIN}"}
    return ids_of_roles(call, survey_by(person), person.settings.role_names, trial, needed)


def make_all(console: Console, provision: Provision, file: AccountsFile, counts: Mapping[str, int]) -> int:
    """Writes the file first: an account is never made whose password nobody knows.

    What stood in the file before stays there, whatever the CMS says: it may be the only copy of a working password.
    """
    names = [(username_of(role, number), role) for role, count in counts.items() for number in range(1, count + 1)]
    accounts = [file[name] if name in file else Account(name, new_password(), role) for name, role in names]
    new = {account.username for account in accounts if account.username not in file}
    file.add(accounts)
    stuck = _each(console, "Making accounts", accounts, provision.ensure)
    file.remove(account.username for account in stuck if account.username in new)
    console.print(f"{len(accounts) - len(stuck)} of {len(accounts)} accounts are ready in {file.path}", markup=False)
    return INCOMPLETE_EXIT_CODE if stuck else 0


def remove_all(console: Console, provision: Provision, file: AccountsFile) -> int:
    """Removes what is on the CMS; what it refuses to remove stays in the file, too."""
    accounts = list(provision.existing())
    stuck = {account.username for account in _each(console, "Removing accounts", accounts, provision.remove)}
    file.remove(account.username for account in accounts if account.username not in stuck)
    console.print(f"{len(accounts) - len(stuck)} of {len(accounts)} accounts are removed", markup=False)
    return INCOMPLETE_EXIT_CODE if stuck else 0


def _each(
    console: Console, title: str, accounts: Iterable[Account], work: Callable[[Account], object]
) -> list[Account]:
    """Does the work for each account with a progress bar; returns and names those for which it was refused.

    After trouble that several tries have not outlived, it goes no further.
    """
    stuck: list[Account] = []
    away = False
    for account in track(list(accounts), title, console=console):
        if away:
            stuck.append(account)
            continue
        try:
            work(account)
        except (TaskCannotGoOn, NotOurs) as failure:
            away = isinstance(failure, TaskCannotGoOn) and failure.reason.passing
            stuck.append(account)
            console.print(f"Not done: {account.role} {account.username}: {failure}", markup=False)
    if away:
        console.print("The CMS is in trouble: give the same command again, it goes on where it stopped", markup=False)
    return stuck


def new_password() -> str:
    """96 bits; begins with a letter, or a spreadsheet could take it for a formula or a number."""
    return f"p{secrets.token_hex(12)}"
