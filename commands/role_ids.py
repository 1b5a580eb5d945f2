"""The ids of roles that nobody has yet, as on a fresh CMS: roles have no list, so they are found by trying."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from api.endpoints import CREATE_USER, DELETE_USER, GET_USER, UPDATE_USER
from api.failures import TaskCannotGoOn
from config.errors import SetupError
from records.survey import Survey
from run.surveyor import RoleNames, role_ids

FARTHEST = 30
"""How far from the roles that are known the others are looked for."""

Call = Callable[..., Any]


def ids_of_roles(
    call: Call, survey: Survey, names: RoleNames, trial: Mapping[str, str], needed: Collection[str]
) -> dict[str, int]:
    """The ids of the roles that are `needed`, and of others that came up.

    Those that no user has are found with the account `trial`, which is removed again. It is made with a role that is
    known, and given one id after the other: the API refuses those that are no role. Raises SetupError when a role is
    not found.
    """
    found = dict(survey.roles)
    if all(role in found for role in needed):
        return found
    known = next(iter(found.values()), None)
    user_id = call(CREATE_USER, {**trial, "rol_id": known}).id
    try:
        for candidate in _around(known or 1):
            if all(role in found for role in needed):
                break
            found |= _role_with(call, user_id, trial, candidate, names)
    finally:
        call(DELETE_USER, id=user_id)
    for role in needed:
        if role not in found:
            raise SetupError(f"no role {' or '.join(names[role])} was found", "name the roles with --role-names")
    return found


def _around(known: int) -> Iterator[int]:
    for distance in range(1, FARTHEST + 1):
        yield from (number for number in (known - distance, known + distance) if number > 0)


def _role_with(call: Call, user_id: int, trial: Mapping[str, str], candidate: int, names: RoleNames) -> dict[str, int]:
    account = {key: value for key, value in trial.items() if key != "password"}
    try:
        call(UPDATE_USER, {**account, "rol_id": candidate}, id=user_id)
    except TaskCannotGoOn as refused:
        if refused.reason.passing and refused.reason.status is None:
            raise
        return {}
    return role_ids([call(GET_USER, id=user_id)], names)
