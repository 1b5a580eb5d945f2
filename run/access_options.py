"""What the options of the access audit say, checked before anything is sent."""

import time
from argparse import Namespace
from collections.abc import Collection, Mapping
from pathlib import Path

import jwt

from access.audit_state import AuditState
from access.forged_tokens import claims_of
from access.known_leaks import read_known
from access.questions import OWNED
from api.endpoints import ENDPOINTS
from config.access_file import ROLES_ASKED, AccessRule, read_access
from config.errors import SetupError
from run.take_survey import first_of_each_role
from users.account_sources import accounts_of
from users.accounts import Account
from users.admin import AdminUser

LARGEST_SHARE = 0.5


def check_access(options: Namespace, state: AuditState, roles: Collection[str]) -> None:
    """Reads the rules and the known leaks into the state. Raises SetupError for what cannot be meant.

    `roles` are those of the run: whoever asks beside it has one of its accounts.
    """
    if options.accept_leaks and not options.known_leaks:
        raise SetupError("--accept-leaks without --known-leaks", "name the file with --known-leaks FILE")
    if options.audit_share > LARGEST_SHARE:
        raise SetupError(f"--audit-share {options.audit_share:g} is no small share", f"take {LARGEST_SHARE} or less")
    if options.accept_leaks and not options.access_audit:
        raise SetupError("--accept-leaks without an audit", "add --access-audit, or use scenarios/access-audit.sh")
    if options.access_audit and options.audit_share:
        raise SetupError("--access-audit asks everything, --audit-share a little", "leave one of them out")
    if options.audit_share and (absent := [role for role in ROLES_ASKED if role not in roles]):
        raise SetupError(f"--audit-share asks as every role, and {', '.join(absent)} is not run", "let all roles run")
    if options.access_audit:
        accounts_that_ask(options)
    elif not options.audit_share:
        return
    state.rules = read_rules(options)
    if options.known_leaks and not options.accept_leaks:
        state.known = read_known(Path(options.known_leaks))
    if options.expired_token:
        _check_that_it_has_expired(options.expired_token)


def accounts_that_ask(options: Namespace) -> Mapping[str, Account]:
    """An administrator, who makes the others; where nothing may be written, they must be there."""
    return first_of_each_role(accounts_of(options, ROLES_ASKED if options.read_only else [AdminUser.role]))


def read_rules(options: Namespace) -> Mapping[str, AccessRule]:
    """Raises SetupError when they cannot be those of this API."""
    return read_access(Path(options.access), [str(route) for route in ENDPOINTS], [str(one) for one in OWNED])


def _check_that_it_has_expired(token: str) -> None:
    """A token that is good yet would be a secret on the command line, and no question."""
    try:
        ended = float(claims_of(token)["exp"])
    except (jwt.InvalidTokenError, LookupError, TypeError, ValueError):
        raise SetupError("--expired-token is no token of this CMS", "give one that a sign-in has answered") from None
    if ended > time.time():
        raise SetupError("--expired-token has not expired yet", "give an older one, and keep this one to yourself")
