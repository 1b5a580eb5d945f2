"""Whether --until-sure can be meant, checked before anything is sent."""

from locust.env import Environment

from config.errors import SetupError
from config.options import options_of
from load.shape import load_plan


def check_until_sure(environment: Environment) -> None:
    """Raises SetupError for a run that is never sure, or ends by itself."""
    options, load = options_of(environment), load_plan(environment)
    if options.until_sure is None:
        return
    if load.shaped and not load.at_a_rate:
        raise SetupError("--until-sure is for a steady load, and this one changes", "leave it out: it ends by itself")
    if options.each_task_once or options.access_audit:
        raise SetupError("--until-sure needs budgets, and this run ends when all was asked", "leave it out")
    if not options.run_time:
        raise SetupError(
            "--until-sure without --run-time", "say when it shall end at the latest, such as --run-time 5m"
        )
    if options.at_least >= options.run_time:
        raise SetupError(
            f"--at-least {options.at_least:g} is no shorter than --run-time {options.run_time:g}", "take a shorter one"
        )
