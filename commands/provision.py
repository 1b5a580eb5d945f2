"""Makes test accounts on a real CMS, each a user with the own record of its role, and takes them away.

Every step looks first whether it was done before, so that an interrupted command can be given again.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from api.endpoint import Endpoint
from api.endpoints import (
    CREATE_USER,
    DELETE_USER,
    ENDPOINTS,
    LIST_USERS,
    SET_PASSWORD,
    SIGN_IN,
)
from api.failures import TaskCannotGoOn
from config.known_roles import known_roles
from records.paging import rows_of
from users.accounts import Account
from users.cms_user import CMSUser

PREFIX = "loadtest_"
USERNAME = re.compile(rf"{PREFIX}([a-z_]+?)\d{{4,}}")
MAIL_DOMAIN = "loadtest.example.com"

Call = Callable[..., Any]


class NotOurs(Exception):
    """The user name is taken by an account that this command has not made."""


class OwnRecord(NamedTuple):
    """The routes of a role's own record."""

    listing: Endpoint[Any]
    create: Endpoint[Any]
    remove: Endpoint[Any]


def own_record(role: str) -> OwnRecord | None:
    """None for a role whose people are users and nothing else."""
    listing = user_class(role).own_record
    if listing is None:
        return None
    create = next(route for route in ENDPOINTS if (route.method, route.path) == ("POST", listing.path))
    remove = next(route for route in ENDPOINTS if (route.method, route.path) == ("DELETE", f"{listing.path}/{{id}}"))
    return OwnRecord(listing, create, remove)


def user_class(role: str) -> type[CMSUser]:
    found = known_roles()[role]
    assert issubclass(found, CMSUser)
    return found


def username_of(role: str, number: int) -> str:
    return f"{PREFIX}{role}{number:04d}"


class Provision:
    """Makes and removes accounts through the `call` of a signed-in administrator; `roles` are the CMS's ids of them."""

    def __init__(self, call: Call, roles: Mapping[str, int]) -> None:
        self._call = call
        self._roles = roles

    def ensure(self, account: Account) -> None:
        """Makes whatever is missing of the account. Raises NotOurs, or TaskCannotGoOn when the CMS refuses."""
        user = self._user(account.username)
        if user is None:
            user_id = self._call(CREATE_USER, self._user_body(account)).id
        else:
            user_id = user.id
            self._ensure_password(account, user_id)
        own = own_record(account.role)
        if own is not None and self._record(own, account, user_id) is None:
            self._call(own.create, record_body(account, user_id))

    def remove(self, account: Account) -> bool:
        """Removes record and user; false when there was none. Raises as `ensure` does."""
        user = self._user(account.username)
        if user is None:
            return False
        own = own_record(account.role)
        if own is not None and (record := self._record(own, account, user.id)) is not None:
            self._call(own.remove, id=record.id)
        self._call(DELETE_USER, id=user.id)
        return True

    def existing(self) -> Iterator[Account]:
        """Every account on the CMS that this command has made; its password is not known."""
        for user in list(rows_of(self._call, LIST_USERS, search=PREFIX)):
            match = USERNAME.fullmatch(user.username)
            if match and match.group(1) in known_roles() and is_ours(user):
                yield Account(user.username, "", match.group(1))

    def _user(self, username: str) -> Any:
        for user in rows_of(self._call, LIST_USERS, search=username):
            if user.username == username:
                if not is_ours(user):
                    raise NotOurs(f"user {user.id} has the name {username}, but was made by somebody else")
                return user
        return None

    def _record(self, own: OwnRecord, account: Account, user_id: int) -> Any:
        for row in rows_of(self._call, own.listing, search=account.username):
            if row.usuario_id == user_id:
                return row
        return None

    def _ensure_password(self, account: Account, user_id: int) -> None:
        try:
            self._call(SIGN_IN, account.credentials())
        except TaskCannotGoOn as failure:
            if failure.reason.passing:
                raise
            self._call(SET_PASSWORD, {"password": account.password}, id=user_id)

    def _user_body(self, account: Account) -> dict[str, Any]:
        mail = f"{account.username}@{MAIL_DOMAIN}"
        return {**account.credentials(), "correo": mail, "rol_id": self._roles[account.role]}


def record_body(account: Account, user_id: int) -> dict[str, Any]:
    """The own record of a test account."""
    name = f"Load Test {account.username.removeprefix(PREFIX).capitalize()}"
    body = {"usuario_id": user_id, "nombre": name, "correo": f"{account.username}@{MAIL_DOMAIN}"}
    return body | user_class(account.role).record_fields(account.username)


def is_ours(user: Any) -> bool:
    """Test accounts are told by their mail address, which nobody else can have."""
    return str(user.correo).endswith(f"@{MAIL_DOMAIN}")
