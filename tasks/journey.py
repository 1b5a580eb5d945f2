"""A journey: what belongs together, done together, timed as a whole."""

from locust.exception import InterruptTaskSet, RescheduleTask, RescheduleTaskImmediately, StopTest, StopUser

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from api.failures import NothingToDo, RequestFailed, TaskCannotGoOn, TaskDefect

NOT_FAILED = (RescheduleTask, RescheduleTaskImmediately, InterruptTaskSet, StopUser, StopTest)
"""What Locust's own ways to end a task raise."""

Task = TypeVar("Task", bound=Callable[..., None])


def journey(task: Task) -> Task:
    """Makes a task's whole course one row of type JOURNEY, named after the task.

    Its time is the time spent waiting for the API: the think time between the steps is left out. It fails when a
    step fails. A journey that finds nothing to do, or is cut off by the end of the test, is none.
    """
    name = task.__name__.replace("_", " ")

    @wraps(task)
    def timed(tasks: Any) -> None:
        thought, started = tasks.user.seconds_thought, time.perf_counter()

        def report(failure: RequestFailed | None) -> None:
            spent = time.perf_counter() - started - (tasks.user.seconds_thought - thought)
            user, taken = tasks.user, spent * 1000
            user.run_context.journey.fire(name=name, role=user.role, user=user, duration=taken, failure=failure)

        try:
            task(tasks)
        except TaskCannotGoOn as failure:
            report(failure.reason)
            raise
        except NothingToDo:
            if tasks.failure is not None:
                report(tasks.failure.reason)
            raise
        except NOT_FAILED:
            raise
        except Exception as defect:
            report(TaskDefect(type(defect).__name__))
            raise
        report(tasks.failure.reason if tasks.failure is not None else None)

    vars(timed)["is_journey"] = True
    return cast(Task, timed)
