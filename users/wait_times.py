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
    where = _where(user)
    return f"{think_time} s" if where is CMSUser else _as_written(vars(where)["wait_time"])


def bounds_of(user: type[User], think_time: tuple[float, float]) -> tuple[float, float] | None:
    """Between which seconds a pause of this class lies, evenly spread; None when that cannot be known."""
    where = _where(user)
    if where is CMSUser:
        return think_time
    wait = vars(where)["wait_time"]
    held = inspect.getclosurevars(wait).nonlocals if inspect.isfunction(wait) else {}
    given = held.get("min_wait", held.get("wait_time")), held.get("max_wait", held.get("wait_time"))
    known = _maker(wait) in ("between", "constant") and None not in given
    return (float(given[0]), float(given[1])) if known else None


def _where(user: type[User]) -> type:
    """The class in which the wait time stands."""
    own = (part for part in user.__mro__ if "wait_time" in vars(part) and not part.__module__.startswith(ARRIVALS))
    return next(own)


def _maker(wait: Callable[..., object]) -> str:
    """`between` of what Locust's between() has returned."""
    return wait.__qualname__.partition(".<locals>")[0]


def _as_written(wait: Callable[..., object]) -> str:
    """Locust's between(), constant() and the like return functions that hold what they were given."""
    name = _maker(wait)
    maker = getattr(locust, name, None)
    if maker is None:
        return name
    held = inspect.getclosurevars(wait).nonlocals
    return f"{name}({', '.join(f'{held[given]:g}' for given in inspect.signature(maker).parameters if given in held)})"
