"""A coverage run does every task once, in order, instead of drawing them: each route is asked in one short run."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

Task = TypeVar("Task", bound=Callable[..., None])


def variants(count: int) -> Callable[[Task], Task]:
    """Says that a task draws from `count` alternatives: a coverage run does it that often."""

    def decorate(task: Task) -> Task:
        vars(task)["variants"] = count
        return task

    return decorate


def every_task_once(tasks: Iterable[Any]) -> list[Any]:
    """Every task once (or once per variant), in the order in which the task set names them."""
    stops = dict.fromkeys(tasks)
    return [task for task in stops for _ in range(getattr(task, "variants", 1))]
