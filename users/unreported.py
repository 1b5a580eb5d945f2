"""A signed-in person who is not part of the load: for what comes before and after it. Its requests are in no figure."""

from locust.env import Environment
from locust.event import Events

from typing import TypeVar

from users.accounts import Account
from users.cms_user import CMSUser
from users.run_context import RunSettings

Person = TypeVar("Person", bound=CMSUser)


def unreported_user(role: type[Person], account: Account, settings: RunSettings) -> Person:
    """A user of `role` with this account, not signed in yet; its client makes no row in any statistics."""
    person = role(Environment(events=Events()))
    person.become(account, settings)
    return person
