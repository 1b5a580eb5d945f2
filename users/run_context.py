"""One run as its users see it: the server, the accounts, how people behave, and what is noted against the run."""

from locust.env import Environment
from locust.event import EventHook

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from api.failure_texts import FailureTexts
from api.transport.server import Limits, Server
from api.transport.trail import Witness
from records.marks import Mark
from records.remains import Remains
from records.survey import Survey
from users.account_broker import AccountBroker
from users.accounts import AccountPool
from users.effort import Effort
from users.roster import Roster

Part = TypeVar("Part")
ATTRIBUTE = "run_context"


@dataclass(frozen=True)
class RunSettings:
    """What a test runs by; set when it starts, and the same for all its users.

    `role_names` is what tokens call each role; `think_time` the shortest and the longest pause in seconds.
    """

    server: Server
    limits: Limits
    role_names: Mapping[str, tuple[str, ...]]
    think_time: tuple[float, float]
    seed: str
    mark: Mark
    read_only: bool = False
    each_task_once: bool = False
    trace: float | None = None
    """Every request carries a traceparent, and so large a share of them asks to be recorded; None: none carries one."""
    survey: Survey = field(default_factory=Survey)


@dataclass(frozen=True)
class LoadPlan:
    """How users come, where a shape says so: what it looks for, and how many seconds it lasts if it knows."""

    shaped: bool = False
    searches: bool = False
    looks_for_drift: bool = False
    at_a_rate: bool = False
    seconds: float | None = None
    crowd: tuple[float, float] | None = None
    """When many more users come at once, and when they leave, in seconds since the start of the test."""


@dataclass
class Objections:
    """What speaks against a run besides its figures, as sentences: for each it fails, or says nothing at all."""

    to_passing: list[str] = field(default_factory=list)
    to_validity: list[str] = field(default_factory=list)


class RunContext:
    """All that belongs to the runs of one process; everything that is of one test begins anew with `begin`.

    `load_start` fires like Locust's `test_start`, but never before `init`. `journey` fires at the end of a journey, or
    when it is given up: `name`, `role`, `user`, `duration` in ms without think time, `failure` (an exception or None).
    """

    def __init__(self) -> None:
        self.accounts: AccountBroker = AccountPool([])
        self.sandbox_url: str | None = None
        self.witness: Witness | None = None
        self.load = LoadPlan()
        self.load_start = EventHook()
        self.journey = EventHook()
        self._parts: dict[type[Any], Any] = {}
        self._settings: RunSettings | None = None
        self._renew()

    def begin(self, settings: RunSettings, load: LoadPlan) -> None:
        """A test starts."""
        self._settings, self.load = settings, load
        self._renew()

    def _renew(self) -> None:
        self.objections = Objections()
        self.remains = Remains()
        self.roster = Roster()
        self.effort = Effort()
        self.failure_texts = FailureTexts()

    @property
    def begun(self) -> bool:
        """Whether a test has started: Locust also stops what never did."""
        return self._settings is not None

    @property
    def settings(self) -> RunSettings:
        """Of the test that runs, or of the last one."""
        assert self._settings is not None, "no test has started"
        return self._settings

    def is_sandbox(self, host: str | None) -> bool:
        """Whether `host` is the sandbox that the suite has started: the web UI may have named another."""
        return self.sandbox_url is not None and (host or "").rstrip("/") == self.sandbox_url

    def put(self, part: object) -> None:
        """Keeps a part of the run that users do not know, such as its monitor, for `part`."""
        self._parts[type(part)] = part

    def part(self, kind: type[Part]) -> Part:
        """The one part of this class. Raises KeyError when nothing has put it there."""
        found: Part = self._parts[kind]
        return found


def run_context(environment: Environment) -> RunContext:
    """The run's context: the only thing of the suite's that hangs on Locust's environment."""
    found: RunContext = vars(environment).setdefault(ATTRIBUTE, RunContext())
    return found
