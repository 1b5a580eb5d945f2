"""What every shape of the suite has in common: the options it reads, and what it tells of the load it puts on."""

from locust import LoadTestShape
from locust.env import Environment

import time
from argparse import Namespace
from typing import ClassVar, NamedTuple

from config.options import options_of
from users.run_context import LoadPlan

DEFAULT_SECONDS = 600.0


class Common(NamedTuple):
    users: int
    spawn_rate: float
    seconds: float

    @classmethod
    def of(cls, options: Namespace) -> "Common":
        users = options.num_users or 1
        return cls(users, float(options.spawn_rate or users), float(options.run_time or DEFAULT_SECONDS))


class Shape(LoadTestShape):
    """A subclass says with these what it is; the verdict and the live line go by them."""

    abstract = True
    use_common_options = True
    searches: ClassVar[bool] = False
    """It looks for the largest load that keeps the budgets; every step has figures of its own."""
    looks_for_drift: ClassVar[bool] = False
    """The verdict compares its end with its beginning."""
    at_a_rate: ClassVar[bool] = False
    """Users serve arrivals, which come at a rate of their own."""
    ends_by_itself: ClassVar[bool] = False
    """It lasts --run-time, or its default, and knows so."""

    @classmethod
    def crowd(cls, seconds: float) -> tuple[float, float] | None:
        """When a crowd comes and leaves in a run of so many seconds; None when none does."""
        return None

    def reset_time(self) -> None:
        """A test starts."""
        self.start_time = time.perf_counter()

    @property
    def options(self) -> Namespace:
        assert self.runner is not None
        return options_of(self.runner.environment)

    @property
    def elapsed(self) -> float:
        """Seconds since the test has started."""
        return time.perf_counter() - self.start_time


def load_plan(environment: Environment) -> LoadPlan:
    """What the run's shape says of itself; a shape of somebody's own says nothing, and no shape is no plan."""
    shape = environment.shape_class
    if not isinstance(shape, Shape):
        return LoadPlan(shaped=shape is not None)
    seconds = Common.of(options_of(environment)).seconds if shape.ends_by_itself else None
    crowd = shape.crowd(seconds) if seconds is not None else None
    return LoadPlan(True, shape.searches, shape.looks_for_drift, shape.at_a_rate, seconds, crowd)
