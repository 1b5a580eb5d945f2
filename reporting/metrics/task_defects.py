"""Exceptions in tasks: Locust only logs them; here each is a failed row of type TASK as well."""

from locust import TaskSet, User
from locust.env import Environment

import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Any

from api.failures import TaskDefect
from api.redaction import tellable
from reporting.metrics.recorder import TASK
from users.cms_user import CMSUser
from users.run_context import run_context

NOT_THE_TASK = ("locust.", "tasks.journey")
"""Modules through which a task is called."""


def report_defects(environment: Environment) -> None:
    """Listens to Locust's user_error; `environment` is that of a process with users."""
    report: Callable[..., None] = environment.events.request.fire

    def on_user_error(user_instance: User | TaskSet, exception: Exception, tb: TracebackType, **_: Any) -> None:
        user = user_instance.user if isinstance(user_instance, TaskSet) else user_instance
        failure = TaskDefect(tellable(f"{type(exception).__name__}: {exception}", b"", _secrets_of(user)))
        run_context(environment).failure_texts.settle(TASK, failure)
        report(
            request_type=TASK,
            name=_task_in(tb),
            response_time=0,
            response_length=0,
            context=user.context(),
            exception=failure,
        )

    environment.events.user_error.add_listener(on_user_error)


def _secrets_of(user: User) -> tuple[str, ...]:
    return (user.account.password,) if isinstance(user, CMSUser) and hasattr(user, "account") else ()


def _task_in(tb: TracebackType) -> str:
    """The name of the first function that is not part of the way to a task."""
    names = [(frame.f_globals.get("__name__", ""), frame.f_code.co_name) for frame, _ in traceback.walk_tb(tb)]
    return next((name for module, name in names if not module.startswith(NOT_THE_TASK)), "unknown")
