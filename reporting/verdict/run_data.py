"""All that is known of a run when it is judged, as values: whoever has them can build its verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from access.findings import AccessReport
from config.budget_file import Budget
from integrity.breaches import IntegrityReport
from reporting.metrics.database import Database
from reporting.metrics.growth import Growth
from reporting.metrics.histogram import Histogram
from reporting.metrics.measurements import Figures, Measured, Process
from reporting.metrics.observed import Observed
from reporting.metrics.outliers import Outlier
from reporting.metrics.recorder import Row
from reporting.metrics.resources import Resource
from reporting.metrics.subjects import Subject
from reporting.metrics.timeline import Timeline
from reporting.verdict.budgets import Judged
from reporting.verdict.duet_report import DuetData
from reporting.verdict.incidents import Incident
from reporting.verdict.model import Capacity, EnvironmentInfo, Failure, Seconds, Settings
from reporting.verdict.routes import KnownOfRoutes
from reporting.verdict.sequential import Sureness
from reporting.verdict.stimulus import StimulusFacts
from reporting.verdict.validity import Facts


@dataclass
class RunState:
    """How a run went, besides its figures; filled while it goes."""

    users_asked: int = 0
    by_role: Mapping[str, int] | None = None
    spawn_rate: float | None = None
    aborted: str = ""
    workers: int = 0
    lost_workers: Sequence[str] = ()
    capacity: Capacity | None = None
    judged: list[Judged] | None = None
    drift: Sequence[str] = ()
    sureness: Sureness | None = None
    left_out: Sequence[str] = ()
    """Why budgets do not count in this run, as sentences."""
    clock_set_by: float = 0.0
    """Seconds by which the machine's clock was set at most while the run went on, with their sign."""
    incident: str = ""
    """What goes on at this moment, as a sentence; empty when all is normal."""


@dataclass(frozen=True)
class Figured:
    """Every figure of a run: `judged` are those that budgets are held against."""

    judged: Mapping[Subject, Figures]
    everything: Measured
    sign_ins: Figures
    roles: dict[str, Measured]
    journeys: dict[str, Measured]
    endpoints: dict[str, Measured]
    processes: dict[str, Process]
    requests: int
    throttled: int
    """Requests that were refused because there were too many."""
    left_waiting: int
    """Users that were stopped while the API owed them an answer for long."""
    longest_wait: float
    """Of those, in seconds."""
    observed: Mapping[Subject, Observed] = field(default_factory=dict)
    """What is judged, as it was counted over time; empty when nobody asks how sure it is."""


@dataclass(frozen=True)
class RunData:
    """`objections_to_passing` and `objections_to_validity` speak against the run besides its figures."""

    scenario: str | None
    host: str
    sandbox: bool
    settings: Settings
    seed: str
    run_tag: str
    started: str
    ended: str
    seconds: Seconds
    environment: EnvironmentInfo
    facts: Facts
    stimulus: StimulusFacts
    figures: Figured
    budgets: Sequence[Budget]
    state: RunState
    searches: bool = False
    """Whether the run looked for the limit of the API."""
    must_hold: int | None = None
    """How many users the API must hold for a search to pass."""
    errors: list[Failure] = field(default_factory=list)
    faults: Mapping[str, int] = field(default_factory=dict)
    """How many failures there are of each class."""
    findings: Sequence[str] = ()
    """What is worth knowing of this CMS, and speaks against nobody."""
    known_of_routes: KnownOfRoutes = field(default_factory=KnownOfRoutes)
    access: AccessReport | None = None
    integrity: IntegrityReport | None = None
    duet: DuetData | None = None
    objections_to_passing: Sequence[str] = ()
    objections_to_validity: Sequence[str] = ()
    steady_rows: Mapping[Row, Histogram] = field(default_factory=dict)
    growth: Mapping[str, Growth] = field(default_factory=dict)
    nobodys_failures: Mapping[str, int] = field(default_factory=dict)
    """By route, failures of the steady state that are no route's own."""
    incidents: Sequence[Incident] = ()
    outliers: Sequence[Outlier] = ()
    resources: Sequence[Resource] = ()
    found_of_resources: Sequence[str] = ()
    database: Database | None = None
    timeline: Timeline | None = None
    crowd: tuple[float, float] | None = None
    """When a crowd came and left, in seconds since the start."""
