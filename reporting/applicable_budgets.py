"""Which budgets count in a run: those of its scenario, for the roles and journeys that take part."""

from locust.env import Environment

import logging
from collections.abc import Sequence

from config.budget_file import Budget, Slo
from config.errors import SetupError
from config.options import options_of
from reporting.known_names import journeys_of
from reporting.metrics.subjects import JOURNEY_OF, ROLE

logger = logging.getLogger(__name__)


def budgets_of_the_run(slo: Slo, environment: Environment) -> tuple[Budget, ...]:
    """Raises SetupError when there are none, or when there is one for a role that does not run."""
    budgets = slo.budgets(options_of(environment).scenario)
    _refuse_budgets_of_absent_roles(slo, budgets, environment)
    return _without_dropped_journeys(budgets, environment)


def budgets_of_the_roles(budgets: Sequence[Budget], environment: Environment) -> tuple[Budget, ...]:
    """--class-picker chooses roles when a test starts: the budgets of the others do not count, and the log says so."""
    absent = sorted({budget.name for budget in budgets if budget.kind == ROLE} - _roles_in(environment))
    for name in absent:
        logger.warning("The budgets of the role %r do not count: it was not chosen", name)
    present = [budget for budget in budgets if budget.kind != ROLE or budget.name not in absent]
    return _without_dropped_journeys(present, environment)


def _refuse_budgets_of_absent_roles(slo: Slo, budgets: Sequence[Budget], environment: Environment) -> None:
    """Raises SetupError: whoever wrote a budget for a role wants it to be judged."""
    absent = sorted({budget.name for budget in budgets if budget.kind == ROLE} - _roles_in(environment))
    if absent:
        are = "does" if len(absent) == 1 else "do"
        raise SetupError(
            f"{slo.path} has budgets for {', '.join(absent)}, which {are} not run",
            "let all roles run, or name other budgets with --slo",
        )


def _roles_in(environment: Environment) -> set[str]:
    return {getattr(user, "role", "") for user in environment.user_classes}


def _without_dropped_journeys(budgets: Sequence[Budget], environment: Environment) -> tuple[Budget, ...]:
    """--read-only and --tags take journeys away on purpose; their budgets go with them, and the log says so."""
    possible = journeys_of(environment.user_classes)
    dropped = {budget.name for budget in budgets if budget.kind == JOURNEY_OF} - possible
    for name in sorted(dropped):
        logger.warning("The budgets of the journey %r do not count: no role in this run makes it", name)
    return tuple(budget for budget in budgets if budget.kind != JOURNEY_OF or budget.name not in dropped)
