"""Whether a run says anything about the API at all: every reason why it does not, as a sentence."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from reporting.metrics.measurements import Process
from reporting.verdict.budgets import Judged

CPU_LIMIT_PERCENT = 90
RAMP_GRACE_SECONDS = 5.0
RAMP_GRACE_SHARE = 0.5
END_GRACE_SECONDS = 1.5


@dataclass(frozen=True)
class RoleFacts:
    """How one role got on: sign-ins tried and let in, answers to its work (over the whole run), a last word,
    and how many of its users had not got in at the end."""

    users: int
    tried: int
    signed_in: int
    answers: int
    last_error: str = ""
    unsettled: int = 0


@dataclass(frozen=True)
class Facts:
    """What the conditions of a run were. Times are in seconds; None where nothing was asked for."""

    requests: int
    steady_seconds: int
    users_asked: int
    users_reached: int
    lag_limit: float
    lasted: float = 0.0
    run_time: float | None = None
    ramp_asked: float | None = None
    ramp_took: float | None = None
    cut_short_on_purpose: bool = False
    roles: Mapping[str, RoleFacts] = field(default_factory=dict)
    processes: Mapping[str, Process] = field(default_factory=dict)
    workers: int = 0
    lost_workers: Sequence[str] = ()
    missed_starts: int = 0
    should_write: bool = False
    writes: int = 0
    """Writing requests that went well."""
    idle_users: int = 0
    idle_seconds: float = 0.0
    clock_set_by: float = 0.0


def reasons_against(facts: Facts, judged: Iterable[Judged], measured: Mapping[tuple[str, str], int]) -> list[str]:
    """Why the run is invalid; empty when it is valid. `measured` counts the judged requests of each subject."""
    if not facts.requests:
        return ["no request was sent", *_workers(facts)]
    return [
        *_users(facts),
        *_roles(facts),
        *_budgets_without_data(judged, measured),
        *_generator(facts),
        *_workers(facts),
        *_schedule(facts),
    ]


def _users(facts: Facts) -> Iterator[str]:
    if facts.users_reached + sum(role.unsettled for role in facts.roles.values()) < facts.users_asked:
        yield f"only {facts.users_reached} of {facts.users_asked} users were reached"
    if facts.idle_users:
        what = _plural("user", "users", facts.idle_users)
        yield (
            f"{facts.idle_users} {what} did nothing for up to {facts.idle_seconds:.0f} s: "
            "no request, no answer to wait for, no think time (look for a task that blocks)"
        )
    if facts.steady_seconds < 1:
        yield "there was no steady state: the run ended with the ramp"


def _roles(facts: Facts) -> Iterator[str]:
    for name, role in facts.roles.items():
        told = f": {role.last_error}" if role.last_error else ""
        if role.users and not role.signed_in:
            yield f"no {name} ever signed in ({role.tried} {_plural('try', 'tries', role.tried)}){told}"
        elif role.users and not role.answers:
            yield f"no {name} ever got to work"
        elif role.unsettled:
            yield f"{role.unsettled} of {role.users} {name} users never got in{told}"


def _budgets_without_data(judged: Iterable[Judged], measured: Mapping[tuple[str, str], int]) -> Iterator[str]:
    named = dict.fromkeys(budget.subject for budget in judged if budget.name)
    for kind, name in named:
        if not measured.get((kind, name)):
            yield f"the {kind} {name} has a budget, but was not used in the steady state"


def _generator(facts: Facts) -> Iterator[str]:
    for name, process in facts.processes.items():
        if process.lag_p99 is not None and process.lag_p99 > facts.lag_limit:
            yield f"the load generator lagged: {process.lag_p99:.0f} ms (p99) above {facts.lag_limit:g} ms on {name}"
        if process.cpu_max is not None and process.cpu_max > CPU_LIMIT_PERCENT:
            yield f"the load generator was busy: {process.cpu_max:.0f} % CPU on {name}"


def _workers(facts: Facts) -> Iterator[str]:
    for worker in facts.lost_workers:
        yield f"worker {worker} was lost, and figures with it"


def _schedule(facts: Facts) -> Iterator[str]:
    if facts.clock_set_by:
        yield f"the clock of this machine was set by {facts.clock_set_by:+.0f} s, so that times and rates are wrong"
    if facts.missed_starts:
        what = _plural("arrival was", "arrivals were", facts.missed_starts)
        yield f"the schedule was missed: {facts.missed_starts} {what} not let in, since nobody was free"
    if facts.ramp_asked is not None and facts.ramp_took is not None:
        late = facts.ramp_took - facts.ramp_asked
        if late > RAMP_GRACE_SECONDS + facts.ramp_asked * RAMP_GRACE_SHARE:
            yield f"the schedule was missed: the ramp took {facts.ramp_took:.0f} s instead of {facts.ramp_asked:.0f} s"
    run_time = None if facts.cut_short_on_purpose else facts.run_time
    if run_time is not None and facts.lasted < run_time - END_GRACE_SECONDS:
        yield f"the schedule was missed: the run ended after {facts.lasted:.0f} s of {run_time:.0f} s"


def _plural(one: str, many: str, number: int) -> str:
    return one if number == 1 else many
