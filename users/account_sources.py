"""Where accounts come from: the --accounts file, one pair per role in `.env`, or the people of a seeded clinic."""

from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path

from config.errors import SetupError
from users.accounts import Account, read_accounts, seeded_accounts

ADMIN = "admin"


def accounts_of(options: Namespace, roles: Iterable[str]) -> list[Account]:
    """The accounts for `roles`. Raises SetupError when the file cannot be used or a role has no account in it.

    A role's rows in the file come first, then its pair in `.env`; only when neither a file nor the pair is given is
    a role played by the people of a freshly seeded clinic. The administrator of such a clinic also stands in when a
    file names none.
    """
    listed = read_accounts(Path(options.accounts)) if options.accounts else []
    accounts = []
    for role in roles:
        seeded = seeded_accounts(role) if not options.accounts or role == ADMIN else []
        of_role = _of(listed, role) or _pair(options, role) or seeded
        if not of_role:
            raise _nobody(options, role)
        accounts += of_role
    return accounts


def _nobody(options: Namespace, role: str) -> SetupError:
    if options.accounts:
        return SetupError(f"--accounts {options.accounts} has no {role}", f"add a line username,password,{role}")
    pair = f"CMS_{role.upper()}_USERNAME and CMS_{role.upper()}_PASSWORD"
    return SetupError(f"there is no account for the role {role}", f"set {pair} in .env, or name a file with --accounts")


def _of(accounts: Iterable[Account], role: str) -> list[Account]:
    return [account for account in accounts if account.role == role]


def _pair(options: Namespace, role: str) -> list[Account]:
    username = getattr(options, f"{role}_username")
    password = getattr(options, f"{role}_password")
    if bool(username) != bool(password):
        missing = "PASSWORD" if username else "USERNAME"
        raise SetupError(f"half of the {role}'s credentials is missing", f"set CMS_{role.upper()}_{missing} in .env")
    return [Account(username, password, role)] if username else []
