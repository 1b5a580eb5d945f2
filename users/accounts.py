"""Who can sign in: one pool of accounts per role, and where the accounts come from."""

import csv
import logging
from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TextIO

from config.errors import SetupError
from config.known_roles import known_roles

logger = logging.getLogger(__name__)

COLUMNS = ["username", "password", "role"]
SANDBOX_PASSWORD = "password123"


@dataclass(frozen=True, slots=True)
class Account:
    username: str
    password: str = field(repr=False)
    role: str
    shared_with: int = 0
    """How many users had the account already when it was dealt to this one."""

    def credentials(self) -> dict[str, str]:
        """The body of a sign-in."""
        return {"username": self.username, "password": self.password}


def seeded_accounts(role: str) -> list[Account]:
    """The people of the sandbox, and of a CMS that was seeded like it, who play the role."""
    return [Account(name, SANDBOX_PASSWORD, role) for name in known_roles()[role].seeded_accounts]


def read_accounts(path: Path) -> list[Account]:
    """The accounts of a CSV file with the columns username,password,role.

    Raises SetupError, with the line and the fix but never a password, for a file or a row that cannot be used.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = _rows(file)
    except OSError as failure:
        raise SetupError(f"--accounts {path}: {failure.strerror}", "name a CSV file that can be read") from None
    except (UnicodeDecodeError, csv.Error):
        raise SetupError(
            f"--accounts {path} is not a CSV file in UTF-8", "save it as CSV UTF-8; see config/accounts.example.csv"
        ) from None
    if not rows or [cell.strip() for cell in rows[0][1]] != COLUMNS:
        raise SetupError(f"--accounts {path}: the first line is not the header", f"write {','.join(COLUMNS)} there")
    accounts = [_account(path, number, row) for number, row in rows[1:]]
    if not accounts:
        raise SetupError(f"--accounts {path} has no account", "add a line username,password,role for each")
    _refuse_twins(path, rows[1:])
    return accounts


def _rows(file: TextIO) -> list[tuple[int, list[str]]]:
    """The rows that are not empty, with their line's number. Excel writes semicolons where commas stand in numbers."""
    header = file.readline()
    file.seek(0)
    cells = csv.reader(file, delimiter=";" if ";" in header else ",")
    return [(number, row) for number, row in enumerate(cells, 1) if any(row)]


def _account(path: Path, number: int, row: list[str]) -> Account:
    place = f"--accounts {path} line {number}"
    if len(row) != len(COLUMNS):
        raise SetupError(f"{place} has {len(row)} columns, not {len(COLUMNS)}", f"write {','.join(COLUMNS)}")
    username, password, role = row[0].strip(), row[1], row[2].strip()
    if not username or not password:
        missing = "password" if username else "username"
        raise SetupError(f"{place} has no {missing}", "fill it in, or remove the line")
    roles = known_roles()
    if role not in roles:
        raise SetupError(f"{place}: unknown role {role!r}", f"use {', '.join(roles)}")
    return Account(username, password, role)


def _refuse_twins(path: Path, rows: list[tuple[int, list[str]]]) -> None:
    first_seen: dict[str, int] = {}
    for number, row in rows:
        name = row[0].strip()
        if name in first_seen:
            earlier = first_seen[name]
            raise SetupError(f"--accounts {path}: {name} stands on lines {earlier} and {number}", "remove one of them")
        first_seen[name] = number


class AccountPool:
    """Deals each account of a role to one user; when all are in use it says so once and deals them again."""

    def __init__(self, accounts: Iterable[Account]) -> None:
        self._all: defaultdict[str, list[Account]] = defaultdict(list)
        for account in accounts:
            self._all[account.role].append(account)
        self.reset()

    def reset(self) -> None:
        """All accounts are free again: a new test starts."""
        self._free = defaultdict(deque, {role: deque(accounts) for role, accounts in self._all.items()})
        self._users: Counter[tuple[str, str]] = Counter()
        self._told: set[str] = set()

    def take(self, role: str) -> Account:
        """A free account of `role`, or the one with the fewest users when none is free."""
        if self._free[role]:
            account = self._free[role].popleft()
        else:
            self._tell_once(role)
            account = min(self._all[role], key=lambda account: self._users[_key(account)])
        others = self._users[_key(account)]
        self._users[_key(account)] += 1
        return replace(account, shared_with=others)

    def give_back(self, account: Account) -> None:
        """One user of the account has gone. Of an account that was not dealt, nothing happens."""
        if self._users[_key(account)] < 1:
            return
        self._users[_key(account)] -= 1
        if not self._users[_key(account)]:
            self._free[account.role].append(replace(account, shared_with=0))

    @property
    def dealt(self) -> set[str]:
        """The names of all accounts that have had a user since the test started."""
        return {username for _, username in self._users}

    def has_free(self, role: str) -> bool:
        return bool(self._free[role])

    def _tell_once(self, role: str) -> None:
        if role not in self._told:
            self._told.add(role)
            logger.warning(
                "All %d %s accounts are in use: further %s users share them (give more with --accounts)",
                len(self._all[role]),
                role,
                role,
            )


def _key(account: Account) -> tuple[str, str]:
    """One account may play several roles."""
    return account.role, account.username
