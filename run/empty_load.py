"""Whether there will be a load at all: Locust takes a run of nobody, or of no time, without a word."""

from argparse import Namespace

from config.errors import SetupError


def refuse_an_empty_load(options: Namespace) -> None:
    """Raises SetupError for a number of users or a time of nothing or less."""
    if options.num_users is not None and options.num_users < 1:
        raise SetupError(f"--users {options.num_users} is nobody", "take 1 or more")
    if options.run_time is not None and options.run_time <= 0:
        raise SetupError("--run-time 0 is no time", "take one such as 30s or 10m, or leave it out")
