"""What the task sets of all roles share, by inheritance: the way to the API, a memory, and the tasks everyone has."""

from locust import TaskSet, tag, task
from locust.exception import StopUser

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar, cast, overload

import gevent

from api.endpoint import Endpoint, Returned
from api.endpoints import HEALTH, WHO_AM_I
from api.failures import NothingToDo, TaskCannotGoOn
from api.schemas import Page
from api.transport.trail import Undo
from internals.of_locust import is_stopping, now_waiting, tags_of, weight_of
from records.mark_fields import lasting
from tasks.coverage import every_task_once
from tasks.memory import Deck, Seen
from tasks.missing import MISSING, lenient, needs_missing
from users.cms_user import CMSUser

HEALTH_CHECK_ONE_IN = 50
WRITES = "write"
DUPLICATE = 409
MAX_DUPLICATES = 100
"""Tries of a creation that is answered 409 although what it holds is new."""

Row = TypeVar("Row")
Accepted = TypeVar("Accepted")


def writes(task: object) -> bool:
    """Whether the task is tagged as one that writes."""
    return WRITES in tags_of(task)


class RoleTasks(TaskSet):
    """Base of the three task sets. One task in fifty is a health check, whatever the other weights add up to."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        members = {name: getattr(cls, name) for part in reversed(cls.__mro__) for name in vars(part)}
        work = [member for member in members.values() for _ in range(weight_of(member))]
        cls.tasks = work * (HEALTH_CHECK_ONE_IN - 1) + [cls.check_the_health] * len(work)

    @cached_property
    def user(self) -> CMSUser:
        """The simulated person that these tasks belong to."""
        return cast(CMSUser, super().user)

    @property
    def own_id(self) -> int:
        """That of the own record of the account."""
        return cast(int, self.user.own_id)

    failure: TaskCannotGoOn | None = None
    """The first step of this task that failed, in a run that goes on to see which routes work at all."""

    def on_start(self) -> None:
        effort = self.user.run_context.effort
        self.chosen, self.thought = effort.chosen_by(self.user.role), effort.thought_by(self.user.role)
        self.remaining = iter(every_task_once(self.tasks) if self.user.settings.each_task_once else ())

    def get_next_task(self) -> Any:
        """As Locust's, with the user's own rng, so that a seed repeats the sequence; or the next one not done."""
        self.user.before_a_task()
        if not self.user.settings.each_task_once:
            return self._begun(self.user.random.choice(self.tasks))
        self.failure = None
        for next_task in self.remaining:
            return self._begun(next_task)
        raise StopUser

    def _begun(self, next_task: Any) -> Any:
        name = getattr(next_task, "__name__", "")
        self.chosen[name] = self.chosen.get(name, 0) + 1
        self.user.client.trail.begin(name)
        return next_task

    def wait(self) -> None:
        """Think time between two tasks, as Locust's own wait; a user without any gives way to the others once."""
        if is_stopping(self.user):
            raise StopUser
        began = time.monotonic()
        now_waiting(self.user)
        wait_time: Callable[[], float] = self.wait_time
        if (seconds := wait_time()) > 0:
            gevent.sleep(seconds)
        self.thought.add(time.monotonic() - began)
        self.user.awake()

    @overload
    def call(
        self, endpoint: Endpoint[Returned], body: Any = None, /, *, accept: Callable[[Any], Accepted], **params: Any
    ) -> Accepted: ...

    @overload
    def call(self, endpoint: Endpoint[Returned], body: Any = None, /, **params: Any) -> Returned: ...

    def call(self, endpoint: Endpoint[Any], body: Any = None, /, **params: Any) -> Any:
        """Asks the API as this user; see ApiClient.call.

        A run that does each task once goes on after a failure, with all steps that can do without that answer.
        """
        if not self.user.settings.each_task_once:
            return self._call(endpoint, body, params)
        if needs_missing(body, params):
            return MISSING
        if self.failure is not None and "accept" in params:
            params["accept"] = lenient(params["accept"])
        try:
            return self._call(endpoint, body, params)
        except TaskCannotGoOn as failure:
            self.failure = self.failure or failure
            return MISSING

    @overload
    def then(
        self, endpoint: Endpoint[Returned], body: Any = None, /, *, accept: Callable[[Any], Accepted], **params: Any
    ) -> Accepted: ...

    @overload
    def then(self, endpoint: Endpoint[Returned], body: Any = None, /, **params: Any) -> Returned: ...

    def then(self, endpoint: Endpoint[Any], body: Any = None, /, **params: Any) -> Any:
        """The next step of a journey: a moment's thought, then the call."""
        self.user.think()
        return self.call(endpoint, body, **params)

    def then_create(self, endpoint: Endpoint[Returned], body: Any, /, undo: Endpoint[Any], **params: Any) -> Returned:
        """The next step creates a record; `undo` is the route that removes it again when the user leaves."""
        self.user.think()
        written: Any = MISSING
        if not needs_missing(body, params):
            self.user.ledger.tries(undo, **params)
            self.user.client.trail.undo = Undo(undo, params)
            written = self._create(endpoint, body, params)
        if written is not MISSING:
            self.user.ledger.wrote(undo, **params, id=written.id)
            self.user.client.trail.has_made(written.id)
        return cast(Returned, written)

    def then_remove(self, endpoint: Endpoint[Any], **params: Any) -> None:
        """The next step removes a record that this user has made."""
        if self.then(endpoint, **params) is not MISSING:
            self.user.ledger.removed(endpoint, **params)

    def any_lasting(self, listing: Endpoint[Page[Row]]) -> Row:
        """The next step looks at a list, and picks a row that no run of the suite has made."""
        return self.one_of(lasting(self.then(listing).data))

    def id_from(self, listing: Endpoint[Page[Any]]) -> int | None:
        """The next step looks at a list for what can be left out: None when there is nothing in it."""
        rows = lasting(self.then(listing).data)
        return int(self.user.random.choice(rows).id) if rows else None

    def one_of(self, things: Iterable[Row]) -> Row:
        """Any of the things, by the user's own rng; when there is none, the task ends here."""
        choices: Sequence[Row] = list(things)
        if not choices:
            raise NothingToDo
        return self.user.random.choice(choices)

    def _call(self, endpoint: Endpoint[Any], body: Any, params: Mapping[str, Any]) -> Any:
        try:
            return self.user.client.call(endpoint, body, **params)
        except TaskCannotGoOn as failure:
            self.user.hold_back(failure.reason)
            raise

    def _create(self, endpoint: Endpoint[Any], body: Any, params: Mapping[str, Any]) -> Any:
        """Where a sequence lies behind its table, each try takes it one further: the coverage run gets it there."""
        written = self.call(endpoint, body, **params)
        for _ in range(MAX_DUPLICATES):
            if written is not MISSING or self.failure is None or self.failure.reason.status != DUPLICATE:
                break
            written = self.call(endpoint, body, **params)
        return written

    def seen(self) -> Seen[Any]:
        return Seen(self.user.random)

    def deck(self, cards: Iterable[Row]) -> Deck[Row]:
        return Deck(cards, self.user.random)

    @tag("read")
    @task(2)
    def see_who_i_am(self) -> None:
        """Every screen of the application shows whose session it is."""
        self.call(WHO_AM_I)

    @tag("read")
    def check_the_health(self) -> None:
        """Monitoring asks whether the service is up, in between everyone's work."""
        self.call(HEALTH)
