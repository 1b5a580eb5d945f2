"""What a budget can be about: every role, endpoint, journey and scenario that there is."""

from locust import User

from collections.abc import Iterable
from typing import Any

from api.endpoints import ENDPOINTS
from config.budget_file import Names
from config.known_roles import known_roles
from config.scenario_names import scenario_names


def names() -> Names:
    roles = known_roles()
    return Names(
        roles=list(roles),
        endpoints=sorted(str(endpoint) for endpoint in ENDPOINTS),
        journeys=sorted(journeys_of(role for role in roles.values() if issubclass(role, User))),
        scenarios=scenario_names(),
    )


def journeys_of(users: Iterable[type[User]]) -> set[str]:
    """The journeys that these users may make: those that --read-only or --tags took away are not among them."""
    return {journey for user in users for tasks in user.tasks for journey in _journeys(tasks)}


def role_of(user: type[User]) -> str:
    """The role of users of this class; those that have none go by the name of their class."""
    return str(getattr(user, "role", user.__name__))


def _journeys(tasks: Any) -> set[str]:
    """Journeys are named after their tasks."""
    named = [getattr(task, "__name__", "") for task in getattr(tasks, "tasks", ()) if hasattr(task, "is_journey")]
    return {name.replace("_", " ") for name in named}
