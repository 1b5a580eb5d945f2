"""Which budgets count in a run: those of its scenario, for what its users can do; the others are named."""

from locust.env import Environment

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from api.endpoints import ENDPOINTS
from config.budget_file import Budget
from config.options import options_of
from config.scenario_names import FOLDER
from reporting.known_names import journeys_of, role_of
from reporting.metrics.subjects import ENDPOINT, JOURNEY_OF, ROLE
from reporting.verdict.budgets import FLOORS
from tasks.reachable import routes_of

USERS = re.compile(r"^users\s*=\s*(\d+)", re.MULTILINE)


@dataclass(frozen=True)
class Applicable:
    """`left_out` says of each budget that does not count why, as a sentence."""

    budgets: tuple[Budget, ...]
    left_out: tuple[str, ...] = ()


def applicable(budgets: Sequence[Budget], environment: Environment, roles: Collection[str] | None = None) -> Applicable:
    """The budgets that this run can be held to; `roles` are those that have users, once that is known."""
    users = [user for user in environment.user_classes if roles is None or role_of(user) in roles]
    possible = {
        ROLE: {role_of(user) for user in users},
        JOURNEY_OF: journeys_of(users),
        ENDPOINT: _endpoints_of(users),
    }
    impossible = [budget for budget in budgets if budget.kind in possible and budget.name not in possible[budget.kind]]
    floors = list(_floors_of_more_users(budgets, environment))
    kept = tuple(budget for budget in budgets if budget not in impossible and budget not in floors)
    subjects = dict.fromkeys((budget.kind, budget.name) for budget in impossible)
    why = "do not count: no user of this run can meet them"
    told = [f"the budgets of the {kind} {name!r} {why}" for kind, name in subjects]
    told += [f"{budget} does not count: it is written for all users of the scenario" for budget in floors]
    return Applicable(kept, tuple(told))


def _endpoints_of(users: Iterable[type]) -> set[str]:
    found: set[str] = set()
    for user in users:
        routes = routes_of(user)
        if routes is None:
            return set(map(str, ENDPOINTS))
        found |= routes
    return found


def _floors_of_more_users(budgets: Iterable[Budget], environment: Environment) -> Iterator[Budget]:
    """What a scenario's whole load is to reach cannot be asked of a part of it."""
    options = options_of(environment)
    path = FOLDER / f"{options.scenario}.conf"
    wanted = USERS.search(path.read_text("utf-8")) if options.scenario and path.exists() else None
    if wanted is not None and (options.num_users or 1) < int(wanted[1]):
        yield from (budget for budget in budgets if budget.of_scenario and budget.metric in FLOORS)
