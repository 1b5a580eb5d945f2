"""Users in pairs: one on NEW and its twin on OLD, with the same account and the same random choices, in lockstep."""

from locust.user.users import User

import itertools
import time
from collections.abc import Hashable
from types import new_class
from typing import Any, ClassVar

import gevent
from gevent.event import Event
from gevent.pool import Group

from api.transport.client import ApiClient
from internals.of_locust import is_stopping, now_waiting
from load.lockstep import NEW, OLD, TASK, Lockstep
from load.paced_client import PacedClient, PacedUser
from load.pair_notes import PairNotes
from reporting.duet_record import DuetRecord
from reporting.metrics.pairs import Answered
from users.accounts import Account
from users.cms_user import CMSUser
from users.run_context import RunSettings, run_context


class Twins:
    """All twins of one process."""

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self._group = Group()

    def lockstep(self, role: str, record: DuetRecord) -> Lockstep:
        """For the next pair."""
        return Lockstep(next(self._numbers), PairNotes(role, record.pairs))

    def start(self, twin: "Twin") -> gevent.Greenlet:
        return self._group.spawn(twin.run)

    def wait_for_all(self, seconds: float) -> None:
        """Until they have cleaned up behind themselves; whoever needs longer leaves the rest to the run's clean-up."""
        self._group.join(seconds)
        self._group.kill(timeout=1.0)


class Paired(PacedUser, CMSUser):
    """One of two: `side` says which, `lockstep` what both do together. Without that it is a user like all others."""

    abstract = True
    side: ClassVar[int]
    lockstep: Lockstep | None = None

    def comes_to(self, what: Hashable) -> bool:
        return self.lockstep is not None and self.lockstep.comes_to(self.side, what, self.is_held)

    def has_taken(self, answered: Answered | None) -> None:
        if self.lockstep is not None:
            self.lockstep.has_taken(self.side, answered)

    def is_held(self, go: Event) -> None:
        """Waits until the other one is there; returns at once when there is none any more."""
        raise NotImplementedError

    def new_client(self, settings: RunSettings) -> ApiClient:
        if self.lockstep is None:
            return super().new_client(settings)
        texts = run_context(self.environment).failure_texts
        return PacedClient(self, settings.server, settings.limits, settings.read_only, texts)

    def before_a_task(self) -> None:
        """From here on both make the same choices again, however many each has made in its last task."""
        self.comes_to(TASK)
        if self.lockstep is not None:
            account = self.account
            self.random.seed(f"{self.settings.seed}/{account.username}/{account.shared_with}/{self.lockstep.tasks}")


class Leader(Paired):
    """The one on NEW, which is a user of the run: it alone pauses, and is counted."""

    abstract = True
    side = NEW
    twin_class: "ClassVar[type[Twin]]"
    _twin: gevent.Greenlet | None = None

    def on_start(self) -> None:
        context = run_context(self.environment)
        self.lockstep = context.part(Twins).lockstep(self.role, context.part(DuetRecord))
        super().on_start()

    def become(self, account: Account, settings: RunSettings) -> None:
        super().become(account, settings)
        if self.lockstep is not None:
            context = run_context(self.environment)
            twin = self.twin_class(context.part(DuetRecord).other)
            twin.tasks, twin.lockstep, twin.account = self.tasks, self.lockstep, account
            self._twin = context.part(Twins).start(twin)

    def is_held(self, go: Event) -> None:
        """Locust may end the user meanwhile, as in a pause."""
        if is_stopping(self):
            raise gevent.GreenletExit
        began = time.monotonic()
        now_waiting(self)
        go.wait()
        waited = time.monotonic() - began
        run_context(self.environment).effort.in_lockstep.add(waited)
        self.seconds_thought += waited
        self.awake()

    def on_stop(self) -> None:
        """The twin ends its request, then cleans up behind itself while this one does."""
        if self.lockstep is not None:
            self.lockstep.end()
        super().on_stop()
        if self._twin is not None:
            self._twin.join(self.settings.limits.cut_off_seconds)
            self._twin.kill(block=False)


class Twin(Paired):
    """The one on OLD. It does not pause: the leader does so for both, and it waits for the leader."""

    abstract = True
    side = OLD
    _leaves = False

    def take_account(self) -> Account:
        return self.account

    def comes_to(self, what: Hashable) -> bool:
        together = super().comes_to(what)
        if self.lockstep is not None and self.lockstep.is_over and not self._leaves:
            raise gevent.GreenletExit
        return together

    def is_held(self, go: Event) -> None:
        began = time.monotonic()
        go.wait()
        self.seconds_thought += time.monotonic() - began

    def wait_time(self) -> float:
        """Draws as the leader does, so that both go on to choose alike."""
        super().wait_time()
        return 0.0

    def on_stop(self) -> None:
        self._leaves = True
        if self.lockstep is not None:
            self.lockstep.end()
        super().on_stop()


def in_pairs(role: type[CMSUser]) -> type[Leader]:
    """The role as Locust is to know it in a duet: each of its users has a twin."""
    twin = new_class(f"{role.__name__}Twin", (Twin, role), exec_body=lambda names: names.update(abstract=True))
    return new_class(role.__name__, (Leader, role), exec_body=lambda names: names.update(twin_class=twin))


def note_journeys(environment: Any, record: DuetRecord) -> None:
    """Tells each pair of the journeys that its two sides have made."""

    def on_journey(name: str, duration: float, failure: Exception | None, user: User | None = None, **_: Any) -> None:
        if isinstance(user, Paired) and user.lockstep is not None:
            user.lockstep.has_made(user.side, name, Answered(duration, failure is not None))

    for side in (environment, record.other):
        run_context(side).journey.add_listener(on_journey)
