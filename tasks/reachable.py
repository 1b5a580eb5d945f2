"""Which routes a role may ask, as far as its tasks' own code tells."""

import inspect
from collections.abc import Iterator
from types import CodeType, FunctionType
from typing import Any

from api.endpoint import Endpoint
from api.endpoints import SIGN_IN, Catalog
from tasks import role_tasks
from users.cms_user import CMSUser

BY_HAND = "client"
"""Who uses it may ask for anything."""


def routes_of(user: type[Any]) -> frozenset[str] | None:
    """The routes that users of this class may ask, such as `GET /health`; None when that cannot be known."""
    if not issubclass(user, CMSUser):
        return None
    walk = _Walk()
    for tasks in user.tasks:
        if not (isinstance(tasks, type) and issubclass(tasks, role_tasks.RoleTasks)):
            return None
        for task in set(tasks.tasks):
            walk.through(task, tasks)
        for part in tasks.__mro__:
            walk.through(vars(part).get("on_start"), tasks)
    own = (user.own_record,) if user.own_record else ()
    return None if walk.by_hand else frozenset(map(str, {SIGN_IN, *own, *walk.found}))


class _Walk:
    """From a task to the methods of its set and the functions of its module that it uses."""

    def __init__(self) -> None:
        self.found: set[Endpoint[Any]] = set()
        self.by_hand = False
        self._seen: set[FunctionType] = set()

    def through(self, task: object, tasks: type[Any]) -> None:
        function = inspect.unwrap(task) if callable(task) else None
        if not isinstance(function, FunctionType) or function in self._seen:
            return
        self._seen.add(function)
        for name in _names(function.__code__):
            self.by_hand = self.by_hand or name == BY_HAND
            self._take(function.__globals__.get(name), tasks)
            method = inspect.getattr_static(tasks, name, None)
            if isinstance(method, FunctionType) and method.__module__ != role_tasks.__name__:
                self.through(method, tasks)

    def _take(self, value: object, tasks: type[Any]) -> None:
        if isinstance(value, Endpoint):
            self.found.add(value)
        elif isinstance(value, Catalog | list | tuple):
            for part in value:
                self._take(part, tasks)
        elif isinstance(value, FunctionType) and value.__module__.startswith("tasks."):
            self.through(value, tasks)


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
