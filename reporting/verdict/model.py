"""The verdict of a run, as it stands in verdict.json. docs/verdict.md explains each field to people."""

from typing import Any, Literal

import msgspec

from access.findings import AccessReport
from api.fault_classes import API, Fault
from api.redaction import visible
from integrity.breaches import IntegrityReport
from reporting.metrics.measurements import Figures, Interval, Measured, Process
from reporting.verdict.budgets import Judged
from reporting.verdict.chosen_outliers import Shown
from reporting.verdict.duet_report import DuetReport
from reporting.verdict.fix_first import FixFirst
from reporting.verdict.incidents import Incident
from reporting.verdict.ran_out import Watched
from reporting.verdict.recovery import Recovery
from reporting.verdict.routes import Route
from reporting.verdict.scalability import Scalability
from reporting.verdict.sequential import Sureness
from reporting.verdict.stimulus import Check

SCHEMA = 1
FILE_NAME = "verdict.json"
Outcome = Literal["pass", "fail", "invalid"]
PASS: Outcome = "pass"
FAIL: Outcome = "fail"
INVALID: Outcome = "invalid"
EXIT_CODES = {PASS: 0, FAIL: 1, INVALID: 3}


class Users(msgspec.Struct, frozen=True):
    asked: int
    reached: int
    by_role: dict[str, int]


class Settings(msgspec.Struct, frozen=True):
    """What else makes the load what it is; and `sandbox_args`, how the embedded sandbox was to behave."""

    think_time: str
    read_only: bool = False
    sandbox_args: str = ""
    arrival_rate: float | None = None
    tags: list[str] = []
    exclude_tags: list[str] = []
    wait_times: dict[str, str] = {}
    """By role, as it was in force: `between(1, 3)`, or that of --think-time."""


class Seconds(msgspec.Struct, frozen=True):
    ramp: int
    steady: int


class Generator(msgspec.Struct, frozen=True):
    lag_limit: float
    processes: dict[str, Process]
    workers: int = 0
    lost_workers: list[str] = []


class EnvironmentInfo(msgspec.Struct, frozen=True):
    """Where and with what the run was made."""

    suite: str
    locust: str
    python: str
    platform: str
    machine: str
    cpus: int
    memory_mb: int


class Failure(msgspec.Struct, frozen=True):
    """`fault` says whose it is: the API's, the set-up's or the suite's own."""

    row: str
    error: str
    count: int
    fault: Fault = API


class Step(msgspec.Struct, frozen=True):
    """One step of the search for the limit."""

    users: int
    figures: Figures
    held: bool
    broke: list[str] = []
    seconds: int = 0
    """For how long it was measured."""
    sure: bool = False
    """Another try would say the same, with a confidence of 95 %."""
    strain: float | None = None
    """How much of the tightest budget was used: 1 is all of it."""
    strain_interval: Interval | None = None
    would_hold: float | None = None
    """So many users, as far as a step tells whose times broke their budgets."""


class Capacity(msgspec.Struct, frozen=True):
    """How many it can hold: `users` is None when not even the first step held; nothing broke: at least so many."""

    users: int | None
    rate: float
    first_to_break: str
    step: int
    steps: list[Step]
    most: int = 0
    """The most users that it was allowed to try."""
    interval: Interval | None = None
    """Where the limit lies with a confidence of 95 %, in users."""
    scalability: Scalability | None = None


class Since(msgspec.Struct, frozen=True):
    """The last run like this one, and what changed beyond the noise, as sentences; if nothing, what may have."""

    run: str
    changes: list[str]
    at_worst: str = ""
    cautions: list[str] = []
    """What kept changes from being told, a sentence each."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    schema: int = SCHEMA
    verdict: Outcome
    reasons: list[str]
    scenario: str | None
    host: str
    sandbox: bool
    settings: Settings
    seed: str
    run_tag: str
    started: str
    ended: str
    seconds: Seconds
    users: Users
    generator: Generator
    environment: EnvironmentInfo
    requests: int
    everything: Measured
    sign_ins: Figures
    roles: dict[str, Measured]
    journeys: dict[str, Measured]
    endpoints: dict[str, Measured]
    budgets: list[Judged]
    errors: list[Failure] = []
    faults: dict[str, int] = {}
    routes: list[Route] = []
    findings: list[str] = []
    since: Since | None = None
    left_out: list[str] = []
    baseline: str | None = None
    stimulus: list[Check] = []
    """Whether the load was the one that was asked for."""
    sureness: Sureness | None = None
    """Of a run that was to end as soon as it was sure."""
    smallest_changes: dict[str, float] = {}
    """By metric of everything: the share of a change that a comparison would have found."""
    capacity: Capacity | None = None
    access: AccessReport | None = None
    fix_first: list[FixFirst] = []
    incidents: list[Incident] = []
    recovery: Recovery | None = None
    outliers: list[Shown] = []
    watched: Watched | None = None
    integrity: IntegrityReport | None = None
    duet: DuetReport | None = None

    @property
    def exit_code(self) -> int:
        return EXIT_CODES[self.verdict]


def in_visible_characters(verdict: Verdict) -> Verdict:
    """The verdict as every file can hold it and every terminal show it, whatever texts came from the API or a task."""
    return msgspec.convert(_visible(msgspec.to_builtins(verdict)), Verdict)


def _visible(part: Any) -> Any:
    if isinstance(part, str):
        return visible(part)
    if isinstance(part, dict):
        return {visible(key): _visible(value) for key, value in part.items()}
    return [_visible(each) for each in part] if isinstance(part, list | tuple) else part
