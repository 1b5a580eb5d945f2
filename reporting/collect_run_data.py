"""Puts together what is known of a run when it is judged: from Locust's environment, the store and the run's state."""

from locust.env import Environment

import errno
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from access.audit_state import audit_state
from api.endpoints import SIGN_IN
from config.budget_file import Budget
from config.options import options_of
from integrity.integrity_state import integrity_state
from internals.of_locust import failures, requests_of
from reporting.duet_record import duet_of
from reporting.environment_info import environment_info
from reporting.failure_report import errors_of, faults_of, findings_of, known_of_routes
from reporting.find_incidents import incidents_of, nobodys_failures
from reporting.known_names import role_of
from reporting.metrics.arrival_rows import MISSED, ROW_TYPE
from reporting.metrics.figures import judged_figures_of, measured, processes, sign_in_figures
from reporting.metrics.growth import growth_of
from reporting.metrics.measurements import Measured
from reporting.metrics.observed import Observed, all_observed
from reporting.metrics.recorder import CUT_OFF, THROTTLED, Row
from reporting.metrics.row_kinds import is_work
from reporting.metrics.store import RAMP, STEADY, MetricsStore
from reporting.metrics.subjects import ALL, ENDPOINT, JOURNEY_OF, ROLE, Subject, rows_of
from reporting.outlier_lines import outliers_of
from reporting.stimulus_facts import stimulus_facts
from reporting.verdict.capacity_texts import GENERATOR
from reporting.verdict.model import Seconds, Settings
from reporting.verdict.run_data import Figured, RunData, RunState
from reporting.verdict.validity import Facts, RoleFacts
from tasks.role_tasks import writes
from users.cms_user import CMSUser
from users.run_context import run_context
from users.wait_times import wait_time_of

WRITING_METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
MEANS = (errno.EMFILE, errno.ENFILE, errno.EADDRNOTAVAIL, errno.ENOBUFS, errno.ENOMEM)
"""Open files (of this process, of all), ports, buffers and memory."""


def run_data(
    environment: Environment,
    store: MetricsStore,
    budgets: Sequence[Budget],
    state: RunState,
    seen: Mapping[Subject, Observed] | None = None,
) -> RunData:
    """The run as it stands in the store; `seen` is what `all_observed` has found of it, if that is at hand."""
    options = options_of(environment)
    context = run_context(environment)
    return RunData(
        scenario=options.scenario,
        host=environment.host or "",
        sandbox=context.is_sandbox(environment.host),
        settings=settings_of(environment),
        seed=str(options.seed or ""),
        run_tag=str(getattr(options, "run_tag", None) or ""),
        started=moment(store.started),
        ended=moment(store.stopping_from),
        seconds=Seconds(store.seconds(RAMP), store.seconds(STEADY)),
        environment=environment_info(),
        facts=facts_of(environment, store, state),
        stimulus=stimulus_facts(environment, store, state),
        figures=figured(store, all_observed(store) if seen is None else seen),
        budgets=budgets,
        state=state,
        searches=context.load.searches,
        must_hold=getattr(options, "must_hold", None),
        errors=errors_of(environment),
        faults=faults_of(environment),
        findings=findings_of(environment),
        known_of_routes=known_of_routes(environment),
        access=audit_state(context).report(),
        steady_rows=dict(store.rows(STEADY)),
        growth=growth_of(store),
        nobodys_failures=nobodys_failures(store),
        incidents=incidents_of(store, context.load),
        resources=store.resources.all(),
        found_of_resources=store.resources.findings,
        database=store.resources.database,
        outliers=outliers_of(store, environment.host or ""),
        crowd=context.load.crowd,
        integrity=integrity_state(context).report(),
        duet=record.data() if (record := duet_of(context)) is not None else None,
        objections_to_passing=context.objections.to_passing,
        objections_to_validity=[*out_of_means(environment), *context.objections.to_validity],
    )


def figured(store: MetricsStore, seen: Mapping[Subject, Observed]) -> Figured:
    cut_off = store.histogram(lambda row: row[1] == CUT_OFF, RAMP, STEADY)
    judged = {subject: judged_figures_of(store, subject, one.whole) for subject, one in seen.items()}

    def of_kind(wanted: str) -> dict[str, Measured]:
        subjects = ((kind, name) for kind, name in judged if kind == wanted)
        return {subject[1]: measured(store, subject, judged[subject]) for subject in subjects}

    return Figured(
        judged=judged,
        everything=measured(store, ALL, judged[ALL]),
        sign_ins=sign_in_figures(store),
        roles=of_kind(ROLE),
        journeys=of_kind(JOURNEY_OF),
        endpoints=of_kind(ENDPOINT),
        processes=processes(store),
        requests=store.requests,
        throttled=store.histogram(lambda row: row[1] == THROTTLED).requests,
        left_waiting=cut_off.requests,
        longest_wait=(cut_off.longest or 0.0) / 1000,
        observed=seen,
    )


def settings_of(environment: Environment) -> Settings:
    options = options_of(environment)
    context = run_context(environment)
    sandbox = str(options.sandbox_args) if context.is_sandbox(environment.host) else ""
    rate = options.arrival_rate if context.load.at_a_rate else None
    tags = {"tags": sorted(options.tags or []), "exclude_tags": sorted(options.exclude_tags or [])}
    think_time = str(options.think_time)
    waits = {role_of(user): wait_time_of(user, think_time) for user in environment.user_classes}
    return Settings(think_time, bool(options.read_only), sandbox, rate, **tags, wait_times=waits)


def facts_of(environment: Environment, store: MetricsStore, state: RunState) -> Facts:
    options = options_of(environment)
    ramp_took = None if store.steady_from is None else store.steady_from - store.started
    ending = store.stopping_from or store.started
    load = run_context(environment).load
    planned = not load.shaped and state.spawn_rate
    return Facts(
        requests=store.requests,
        steady_seconds=store.seconds(STEADY),
        users_asked=state.users_asked,
        # While users move to a worker that has just joined, both report them.
        users_reached=min(store.users_reached, state.users_asked),
        lag_limit=float(options.lag_limit),
        lasted=ending - store.started,
        run_time=load.seconds if load.shaped else options.run_time,
        ramp_asked=state.users_asked / state.spawn_rate if planned and state.spawn_rate else None,
        ramp_took=ramp_took,
        cut_short_on_purpose=bool(
            state.aborted or options.each_task_once or options.access_audit or (state.sureness and state.sureness.after)
        ),
        roles=_roles(environment, store, state),
        processes={} if state.capacity else processes(store),
        workers=state.workers,
        lost_workers=state.lost_workers,
        missed_starts=_missed_starts(environment),
        should_write=_should_write(environment),
        writes=_writes(store),
        idle_users=store.idle_users,
        idle_seconds=store.idle_seconds,
        clock_set_by=state.clock_set_by,
    )


def moment(seconds: float | None) -> str:
    """UTC, as people and programs read it."""
    return "" if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def out_of_means(environment: Environment) -> list[str]:
    """What the system refused to this process, in its own words, is no failure of the API."""
    texts = {str(failure.exception) for failure in failures(environment)}
    refused = {means for means in map(os.strerror, MEANS) for text in texts if text.endswith(means)}
    return [f"{GENERATOR} ran out of means: {', '.join(sorted(refused))}"] if refused else []


def _should_write(environment: Environment) -> bool:
    """Whether a role of the run has a task that writes; --read-only and --tags take them away."""
    tasks = [task for user in environment.user_classes for tasks in user.tasks for task in getattr(tasks, "tasks", ())]
    return any(map(writes, tasks))


def _writes(store: MetricsStore) -> int:
    written = store.histogram(lambda row: row[1] in WRITING_METHODS and is_work(row))
    return written.requests - written.failures


def _missed_starts(environment: Environment) -> int:
    """Of a run with a fixed rate of arrivals."""
    return requests_of(environment, ROW_TYPE, MISSED)


def _roles(environment: Environment, store: MetricsStore, state: RunState) -> dict[str, RoleFacts]:
    last_error = next((failure.error for failure in errors_of(environment) if failure.row == str(SIGN_IN)), "")
    strangers = {user.__name__ for user in environment.user_classes if not issubclass(user, CMSUser)}
    roles = {role: users for role, users in (state.by_role or {}).items() if role not in strangers}
    return {role: _role(store, role, users, last_error) for role, users in roles.items()}


def _role(store: MetricsStore, role: str, users: int, last_error: str) -> RoleFacts:
    def is_sign_in_of_role(row: Row) -> bool:
        return row == (role, SIGN_IN.method, SIGN_IN.path)

    tried = store.histogram(is_sign_in_of_role)
    work = store.histogram(lambda row: rows_of((ROLE, role))(row) and is_work(row))
    signed_in = tried.requests - tried.failures
    unsettled = store.unsettled.get(role, 0)
    return RoleFacts(users, tried.requests, signed_in, work.requests - work.failures, last_error, unsettled)
