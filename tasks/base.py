"""What the task sets of all roles share, by inheritance: the way to the API, a memory, and the tasks everyone has."""

from locust import TaskSet, tag, task

from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar, cast

from api.endpoint import Endpoint
from api.endpoints import HEALTH, WHO_AM_I
from users.base import CMSUser

HEALTH_CHECK_ONE_IN = 50
REMEMBERED = 50

Thing = TypeVar("Thing")


class Seen(Generic[Thing]):
    """What a person saw on the screen lately, and can therefore open."""

    __slots__ = ("_choose", "_things")

    def __init__(self, choose: Callable[[deque[Thing]], Thing]) -> None:
        self._choose = choose
        self._things: deque[Thing] = deque(maxlen=REMEMBERED)

    def __bool__(self) -> bool:
        return bool(self._things)

    def remember(self, things: Iterable[Thing]) -> None:
        self._things.extend(things)

    def pick(self) -> Thing:
        """One of the things seen, by the user's own dice."""
        return self._choose(self._things)


class RoleTasks(TaskSet):
    """Base of the three task sets. One task in fifty is a health check, whatever the other weights add up to."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.tasks = [*cls.tasks * (HEALTH_CHECK_ONE_IN - 1), *[cls.check_the_health] * len(cls.tasks)]

    @property
    def user(self) -> CMSUser:
        """The simulated person that these tasks belong to."""
        return cast(CMSUser, self._user)

    def call(self, endpoint: Endpoint, body: Any = None, /, **params: Any) -> Any:
        """Asks the API as this user; see ApiClient.call."""
        return self.client.call(endpoint, body, **params)

    @property
    def me(self) -> Any:
        """The own patient or doctor record."""
        return self.user.me

    def remembering(self) -> Seen[Any]:
        """A memory that is picked from by this user's own dice."""
        return Seen(self.user.random.choice)

    def get_next_task(self) -> Any:
        """As Locust's, with the user's own dice, so that a seed repeats the sequence."""
        return self.user.random.choice(self.tasks)

    @tag("read")
    @task
    def see_who_i_am(self) -> None:
        """Every screen of the application shows whose session it is."""
        self.call(WHO_AM_I)

    @tag("read")
    def check_the_health(self) -> None:
        """Monitoring asks whether the service is up, in between everyone's work."""
        self.call(HEALTH)


def this_week() -> dict[str, datetime]:
    """The filters for the seven days from Monday, 00:00 UTC, on."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    return {"fecha_desde": monday, "fecha_hasta": monday + timedelta(days=7)}
