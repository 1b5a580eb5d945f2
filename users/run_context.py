"""What all users of one process share: the server they talk to, their accounts and how they behave."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from api.transport.server import Limits, Server
from records.marks import Mark
from records.remains import Remains
from records.survey import Survey
from users.account_broker import AccountBroker
from users.roster import Roster


@dataclass(frozen=True)
class Suite:
    """`think_time` is the shortest and the longest pause in seconds; `role_names` what tokens call each role."""

    server: Server
    limits: Limits
    accounts: AccountBroker
    role_names: Mapping[str, tuple[str, ...]]
    think_time: tuple[float, float]
    seed: str
    mark: Mark
    read_only: bool = False
    each_task_once: bool = False
    survey: Survey = field(default_factory=Survey)
    remains: Remains = field(default_factory=Remains)
    roster: Roster = field(default_factory=Roster)


@dataclass
class Objections:
    """What speaks against a run besides its figures, as sentences: for each it fails, or says nothing at all."""

    to_passing: list[str] = field(default_factory=list)
    to_validity: list[str] = field(default_factory=list)
