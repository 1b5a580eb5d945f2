"""What the task sets of all roles share, by inheritance: the way to the API, a memory, and the tasks everyone has."""

from locust import TaskSet, tag, task
from locust.exception import StopUser

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar, cast

from api.endpoint import Endpoint
from api.endpoints import HEALTH, WHO_AM_I
from api.failures import NothingToDo, TaskCannotGoOn
from internals.of_locust import weight_of
from records.mark_fields import lasting
from tasks.coverage import every_task_once
from tasks.memory import Deck, Seen
from users.cms_user import CMSUser

HEALTH_CHECK_ONE_IN = 50

Row = TypeVar("Row")


class RoleTasks(TaskSet):
    """Base of the three task sets. One task in fifty is a health check, whatever the other weights add up to."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        members = {name: getattr(cls, name) for part in reversed(cls.__mro__) for name in vars(part)}
        work = [member for member in members.values() for _ in range(weight_of(member))]
        cls.tasks = work * (HEALTH_CHECK_ONE_IN - 1) + [cls.check_the_health] * len(work)

    @property
    def user(self) -> CMSUser:
        """The simulated person that these tasks belong to."""
        return cast(CMSUser, super().user)

    @property
    def me(self) -> Any:
        """The own patient or doctor record."""
        return self.user.me

    def on_start(self) -> None:
        self.tour = iter(every_task_once(self.tasks) if self.user.settings.each_task_once else ())

    def get_next_task(self) -> Any:
        """As Locust's, with the user's own rng, so that a seed repeats the sequence; on a tour, the next stop."""
        if not self.user.settings.each_task_once:
            return self.user.random.choice(self.tasks)
        for stop in self.tour:
            return stop
        raise StopUser

    def wait(self) -> None:
        """Think time between two tasks."""
        TaskSet.wait(self)
        self.user.awake()

    def call(self, endpoint: Endpoint, body: Any = None, /, **params: Any) -> Any:
        """Asks the API as this user; see ApiClient.call."""
        try:
            return self.user.client.call(endpoint, body, **params)
        except TaskCannotGoOn as failure:
            self.user.hold_back(failure.reason)
            raise

    def then(self, endpoint: Endpoint, body: Any = None, /, **params: Any) -> Any:
        """The next step of a journey: a moment's thought, then the call."""
        self.user.think()
        return self.call(endpoint, body, **params)

    def then_create(self, endpoint: Endpoint, body: Any, /, undo: Endpoint, **params: Any) -> Any:
        """The next step creates a record; `undo` is the route that removes it again when the user leaves."""
        self.user.think()
        self.user.ledger.tries(undo, **params)
        written = self.call(endpoint, body, **params)
        self.user.ledger.wrote(undo, **params, id=written.id)
        return written

    def then_remove(self, endpoint: Endpoint, **params: Any) -> None:
        """The next step removes a record that this user has made."""
        self.then(endpoint, **params)
        self.user.ledger.removed(endpoint, **params)

    def any_lasting(self, listing: Endpoint) -> Any:
        """The next step looks at a list, and picks a row that no run of the suite has made."""
        return self.one_of(lasting(self.then(listing).data))

    def one_of(self, things: Iterable[Row]) -> Row:
        """Any of the things, by the user's own rng; when there is none, the task ends here."""
        choices: Sequence[Row] = list(things)
        if not choices:
            raise NothingToDo
        return self.user.random.choice(choices)

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
