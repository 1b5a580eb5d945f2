"""The think time of a role, as people write it: `between(1, 3)`, or what --think-time says."""

import locust
from locust import User

import inspect
from collections.abc import Callable

from users.cms_user import CMSUser

ARRIVALS = "load."
"""In these modules the time until the next arrival takes the place of the pause between tasks."""


def wait_time_of(user: type[User], think_time: str) -> str:
    """The wait time that is in force for users of this class; `think_time` is the run's own, such as `1-3`."""
    own = (part for part in user.__mro__ if "wait_time" in vars(part) and not part.__module__.startswith(ARRIVALS))
    where = next(own)
    return f"{think_time} s" if where is CMSUser else _as_written(vars(where)["wait_time"])


def _as_written(wait: Callable[..., object]) -> str:
    """Locust's between(), constant() and the like return functions that hold what they were given."""
    name = wait.__qualname__.partition(".<locals>")[0]
    maker = getattr(locust, name, None)
    if maker is None:
        return name
    held = inspect.getclosurevars(wait).nonlocals
    return f"{name}({', '.join(f'{held[given]:g}' for given in inspect.signature(maker).parameters if given in held)})"
