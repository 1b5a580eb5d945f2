"""What every shape reads from the options of the run."""

from locust import LoadTestShape

from typing import NamedTuple

from config.options import options_of

DEFAULT_SECONDS = 600.0


class Common(NamedTuple):
    users: int
    spawn_rate: float
    seconds: float

    @classmethod
    def of(cls, shape: LoadTestShape) -> "Common":
        assert shape.runner is not None
        options = options_of(shape.runner.environment)
        users = options.num_users or 1
        return cls(users, float(options.spawn_rate or users), float(options.run_time or DEFAULT_SECONDS))
