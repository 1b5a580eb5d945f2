"""The person behind every role: takes an account, signs in, knows its own record, then works."""

from locust import User

import logging
import math
import time
from collections.abc import Iterator
from random import Random
from typing import Any, ClassVar

import gevent

from api.endpoint import Endpoint
from api.failures import TOO_MANY_REQUESTS, NoAnswer, RequestFailed, TaskCannotGoOn, UnexpectedAnswer
from api.schemas import Page
from api.transport.client import ApiClient
from api.transport.tracing import Tracer
from config.known_roles import Role
from internals.of_locust import is_stopping, now_running, now_waiting
from records.ledger import Ledger
from records.payloads import Payloads
from users.accounts import Account
from users.effort import Pauses
from users.run_context import RunContext, RunSettings, run_context
from users.session import Session

logger = logging.getLogger(__name__)

RECORDS_PER_PAGE = 100
FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
MAX_RETRY_AFTER_SECONDS = 60.0
FORGOTTEN_AFTER_SECONDS = 5.0
"""After so long without trouble the next one is met as if it were the first."""


class CMSUser(Role, User):
    """One simulated person. Subclasses say what Role and Locust ask for, and which list holds their own record."""

    abstract = True
    own_record: ClassVar[Endpoint[Any] | None] = None

    run_context: RunContext
    settings: RunSettings
    client: ApiClient
    account: Account
    random = Random()
    """Its own from the moment that it has an account."""
    payloads: Payloads
    ledger: Ledger
    session: Session
    seconds_thought = 0.0
    """Think time so far within tasks, in seconds."""
    started_at = 0.0
    """When it began to get in, on time.perf_counter's clock."""
    failed_starts = 0
    _pauses: Iterator[float]
    _held_back_until = -math.inf
    settled = False
    """Whether it has signed in and found its own record."""
    own_id: int | None = None
    """The id of the own patient or doctor record; None for a role that has none."""

    def on_start(self) -> None:
        """Signs in and finds the own record; tries again, with growing pauses, until both work."""
        self.run_context = context = run_context(self.environment)
        self.started_at = time.perf_counter()
        self.become(self.take_account(), context.settings)
        self.client.witness = context.witness
        context.roster.join(self)
        for pause in growing_pauses():
            try:
                self.settle_in()
                return context.roster.settle(self)
            except TaskCannotGoOn as failure:
                self.failed_starts += 1
                logger.debug("%s cannot start yet: %s", self.account.username, failure)
                asked = min(failure.reason.retry_after or 0.0, MAX_RETRY_AFTER_SECONDS)
            self.pause(max(asked, pause * self.random.uniform(0.5, 1.0)))

    def become(self, account: Account, settings: RunSettings) -> None:
        """Takes on `account`; nothing is sent yet."""
        self.settings = settings
        self.account = account
        self.random = Random(f"{settings.seed}/{account.username}/{account.shared_with}")
        self.client = self.new_client(settings)
        self.client.secrets = (account.password,)
        self.client.time_shift = settings.survey.shift
        self.client.tracer = Tracer(settings.trace) if settings.trace is not None else None
        self.session = Session(self.client, account, settings.role_names[self.role])
        self.client.tokens = self.session
        self.payloads = Payloads(settings.mark, self.random, settings.survey)
        self.ledger = Ledger()

    def take_account(self) -> Account:
        """The account to sign in with: one that the run deals."""
        return self.run_context.accounts.take(self.role)

    def new_client(self, settings: RunSettings) -> ApiClient:
        texts = run_context(self.environment).failure_texts
        return ApiClient(self, settings.server, settings.limits, settings.read_only, texts)

    def before_a_task(self) -> None:
        """Called before each task is chosen."""

    def pause(self, seconds: float, counted: Pauses | None = None) -> None:
        """Waits; the end of the test may come in between, as in Locust's own wait between tasks.

        How long it took is `counted` among the pauses after failures, or among others.
        """
        if is_stopping(self):
            raise gevent.GreenletExit
        began = time.monotonic()
        now_waiting(self)
        gevent.sleep(seconds)
        (run_context(self.environment).effort.held_back if counted is None else counted).add(time.monotonic() - began)
        self.awake()

    def awake(self) -> None:
        """A wait is over. A kill sent in the same moment strikes here, not in the midst of a request."""
        now_running(self)
        gevent.sleep(0)

    def think(self) -> None:
        """Think time within a task, between two steps of a journey."""
        started = time.monotonic()
        self.pause(self.wait_time(), run_context(self.environment).effort.thought_by(self.role))
        self.seconds_thought += time.monotonic() - started

    def hold_back(self, reason: RequestFailed) -> None:
        """After a failure: leaves the server alone for as long as it asks.

        One that cannot be reached, or refuses everybody for a while, is met with growing pauses: without think time
        a user would otherwise only knock at its door, thousands of times a second.
        """
        now = time.monotonic()
        if reason.retry_after is not None:
            pause = min(reason.retry_after, MAX_RETRY_AFTER_SECONDS)
        elif isinstance(reason, NoAnswer) or reason.status == TOO_MANY_REQUESTS:
            in_a_row = now - self._held_back_until < FORGOTTEN_AFTER_SECONDS
            self._pauses = self._pauses if in_a_row else growing_pauses()
            pause = next(self._pauses)
        else:
            return
        pause *= self.random.uniform(0.5, 1.0)
        self.pause(pause)
        self.seconds_thought += pause
        self._held_back_until = time.monotonic()

    def settle_in(self) -> None:
        """Signs in and finds the own record. Raises TaskCannotGoOn, with the row reported, when either fails."""
        self.session.renew()
        if self.own_record is not None:
            self.own_id = self._find_own_id(self.own_record)

    def on_stop(self) -> None:
        """Takes its own records away again, off the record, and gives the account back.

        It has one read timeout for them all, however slow the server is: the run's clean-up takes over the rest.
        """
        if not hasattr(self, "settings"):
            return
        self.run_context.roster.leave(self)
        try:
            if self.ledger.records:
                with gevent.Timeout(self.settings.limits.read_seconds, False):
                    self.ledger.settle(self.client.off_the_record().call)
        finally:
            self.run_context.remains.take_over(self.ledger)
            self.client.close()
            self.run_context.accounts.give_back(self.account)

    def wait_time(self) -> float:
        """Think time between two tasks, in seconds; also of a user whose own on_start leaves out the one above."""
        settings = self.settings if hasattr(self, "settings") else run_context(self.environment).settings
        return self.random.uniform(*settings.think_time)

    def context(self) -> dict[str, str]:
        """What every request event tells of the user behind it."""
        return {"role": self.role}

    @classmethod
    def record_fields(cls, username: str) -> dict[str, str]:
        """What the own record of a test account needs besides its user and its name."""
        return {}

    def _find_own_id(self, people: Endpoint[Any]) -> int:
        offset, found = 0, None
        while found is None:
            found = self.client.call(
                people,
                accept=self._own_row,
                search=self.session.username,
                limit=RECORDS_PER_PAGE,
                offset=offset,
            )
            offset += RECORDS_PER_PAGE
        return int(found.id)

    def _own_row(self, page: Page[Any]) -> Any:
        """The row of the signed-in user, or None when a later page may hold it: the search is a substring match."""
        for row in page.data:
            if row.usuario_id == self.session.user_id:
                return row
        if page.pagination.offset + RECORDS_PER_PAGE < page.pagination.total:
            return None
        raise UnexpectedAnswer(f"expected a {self.role} record of the account's own, got none")


def growing_pauses() -> Iterator[float]:
    """Seconds to wait between two tries: doubling, up to a limit, without end."""
    pause = FIRST_PAUSE_SECONDS
    while True:
        yield pause
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
