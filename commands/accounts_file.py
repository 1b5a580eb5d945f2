"""The accounts file as the provisioning writes it: readable by its owner only, whole at every moment."""

import csv
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from users.accounts import COLUMNS, Account, read_accounts


class AccountsFile:
    """The accounts in a CSV file, by user name. Rows that somebody else has put there are kept.

    Raises SetupError when an existing file is not an accounts file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        listed = read_accounts(path) if path.exists() else []
        self._accounts = {account.username: account for account in listed}

    def __contains__(self, username: str) -> bool:
        return username in self._accounts

    def __getitem__(self, username: str) -> Account:
        return self._accounts[username]

    def add(self, accounts: Iterable[Account]) -> None:
        self._accounts |= {account.username: account for account in accounts}
        self._write()

    def remove(self, usernames: Iterable[str]) -> None:
        """Takes these out; a file without an account is deleted."""
        for username in usernames:
            self._accounts.pop(username, None)
        if self._accounts:
            self._write()
        else:
            self.path.unlink(missing_ok=True)

    def _write(self) -> None:
        """Writes beside the file and puts it in its place at once: an interruption loses nothing.

        mkstemp makes files that only their owner can read.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=".accounts-")
        with os.fdopen(handle, "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows((item.username, item.password, item.role) for item in self._accounts.values())
        os.replace(name, self.path)
