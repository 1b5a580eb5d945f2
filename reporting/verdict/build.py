"""From all that is known of a run to its verdict. Pure: the same data give the same verdict, anywhere."""

from collections.abc import Sequence

import msgspec

from api.fault_classes import DEFECT, SUITE
from reporting.metrics.subjects import ALL, ROLE
from reporting.verdict.access_reasons import nothing_was_asked, reasons_of_access
from reporting.verdict.budgets import breaches, judge
from reporting.verdict.capacity_texts import GENERATOR
from reporting.verdict.chosen_outliers import chosen_outliers
from reporting.verdict.duet_texts import nothing_was_compared, reasons_of_duet
from reporting.verdict.fix_first import fix_first
from reporting.verdict.incidents import Incident
from reporting.verdict.integrity_reasons import nothing_was_decided, reasons_of_integrity
from reporting.verdict.interval_figures import with_intervals
from reporting.verdict.model import FAIL, INVALID, PASS, Capacity, Generator, Users, Verdict, in_visible_characters
from reporting.verdict.power import smallest_changes
from reporting.verdict.ran_out import watched
from reporting.verdict.recovery import reasons_of_recovery, recovery_of
from reporting.verdict.routes import reasons_of, routes_of
from reporting.verdict.run_data import RunData
from reporting.verdict.side_by_side import duet_report
from reporting.verdict.stimulus import checks_of, reasons_of_stimulus
from reporting.verdict.validity import reasons_against
from reporting.verdict.wording import describe, percent

THROTTLED_SHARE = 0.01
FAILURE_RATIO = "failure_ratio"
ENOUGH_TO_WRITE = 1000
"""Requests after which a run of any mix has tried to write something."""
THE_CLOCK = "the clock of this machine"
LEFT_WAITING_SHARE = 0.05
"""Of all users: if so many still wait for an answer at the end, the API hung."""


def build_verdict(data: RunData) -> Verdict:
    """The verdict: invalid for one reason against its validity, else failed for one against the API, else passed."""
    state, figures = data.state, with_intervals(data.figures)
    judged = judge(figures.judged, data.budgets) if state.judged is None else state.judged
    measured = {subject: found.requests for subject, found in figures.judged.items()}
    invalid = [*reasons_against(data.facts, judged, measured), *_throttled(data), *_search(data), *_defects(data)]
    checks = checks_of(data.stimulus)
    invalid += reasons_of_stimulus(checks)
    invalid += [*_nothing_limits_failures(data), *_wrote_nothing(data)]
    invalid += [*nothing_was_asked(data.access), *nothing_was_decided(data.integrity), *data.objections_to_validity]
    duet = duet_report(data.duet, figures.judged)
    invalid += nothing_was_compared(duet)
    failed = [*([state.aborted] if state.aborted else []), *map(describe, breaches(judged))]
    counts = {name: route.counts for name, route in figures.endpoints.items()}
    routes = routes_of(data.known_of_routes, counts)
    failed += [*_left_waiting(data), *state.drift]
    if state.capacity is not None:
        failed = does_not_hold(state.capacity, data.must_hold)
    failed += [*reasons_of(routes, data.known_of_routes, counts), *reasons_of_access(data.access)]
    failed += [*reasons_of_integrity(data.integrity), *data.objections_to_passing, *reasons_of_duet(duet)]
    incidents = incidents_to_tell(data.incidents, invalid)
    recovery = recovery_of(incidents, data.crowd)
    failed += reasons_of_recovery(recovery, data.facts.lasted)
    found = [] if invalid else fix_first(data.steady_rows, judged, data.growth, data.nobodys_failures)
    verdict = Verdict(
        verdict=INVALID if invalid else FAIL if failed else PASS,
        reasons=invalid or failed,
        scenario=data.scenario,
        host=data.host,
        sandbox=data.sandbox,
        settings=data.settings,
        seed=data.seed,
        run_tag=data.run_tag,
        started=data.started,
        ended=data.ended,
        seconds=data.seconds,
        users=Users(data.facts.users_asked, data.facts.users_reached, dict(state.by_role or {})),
        generator=Generator(data.facts.lag_limit, figures.processes, state.workers, list(state.lost_workers)),
        environment=data.environment,
        requests=figures.requests,
        everything=figures.everything,
        sign_ins=figures.sign_ins,
        roles=figures.roles,
        journeys=figures.journeys,
        endpoints=figures.endpoints,
        budgets=judged,
        errors=data.errors,
        faults=dict(data.faults),
        routes=routes,
        findings=list(data.findings),
        left_out=list(state.left_out),
        stimulus=checks,
        sureness=state.sureness,
        smallest_changes={} if state.capacity else smallest_changes(figures.everything.steady),
        capacity=state.capacity,
        access=data.access,
        fix_first=found,
        incidents=incidents,
        recovery=recovery,
        watched=watched(data, [] if invalid else judged),
        outliers=[] if is_doubtful(invalid) else chosen_outliers(data.outliers, found, data.errors),
        integrity=data.integrity,
        duet=duet,
    )
    return in_visible_characters(verdict)


def incidents_to_tell(incidents: Sequence[Incident], invalid: Sequence[str]) -> list[Incident]:
    """All, unless nobody knows whose they were."""
    return [] if is_doubtful(invalid) else list(incidents)


def is_doubtful(invalid: Sequence[str]) -> bool:
    """Whether the generator or its clock was in trouble itself."""
    return any(reason.startswith((GENERATOR, THE_CLOCK)) for reason in invalid)


def held_against(verdict: Verdict, baseline: str, worse: Sequence[str]) -> Verdict:
    """The verdict beside a `baseline`: what became `worse` makes a run that says something fail."""
    if not worse or verdict.verdict == INVALID:
        return msgspec.structs.replace(verdict, baseline=baseline)
    return msgspec.structs.replace(verdict, verdict=FAIL, reasons=[*verdict.reasons, *worse], baseline=baseline)


def with_finding(verdict: Verdict, finding: str) -> Verdict:
    return msgspec.structs.replace(verdict, findings=[*verdict.findings, finding])


def without_its_baseline(verdict: Verdict, why: str) -> Verdict:
    """The verdict of a run that cannot be held against the baseline that was asked for."""
    further = verdict.reasons if verdict.verdict == INVALID else []
    return msgspec.structs.replace(verdict, verdict=INVALID, reasons=[why, *further])


def _left_waiting(data: RunData) -> list[str]:
    """An API that hangs is in few figures: the users that wait for it send nothing else."""
    waiting = data.figures.left_waiting
    if not waiting or waiting < data.facts.users_reached * LEFT_WAITING_SHARE:
        return []
    longest = data.figures.longest_wait
    return [f"{waiting} users were left without an answer, after up to {longest:.0f} s of waiting"]


def _throttled(data: RunData) -> list[str]:
    """A server that refuses requests because there are too many was not loaded as asked."""
    refused, requests = data.figures.throttled, data.figures.requests
    if not requests or refused / requests < THROTTLED_SHARE:
        return []
    share = percent(refused / requests)
    return [f"rate limiting is on: {share} of requests were refused (429); switch it off for this test, or ask less"]


def _nothing_limits_failures(data: RunData) -> list[str]:
    """Budgets for times alone would let any number of failures pass."""
    limited = {budget.subject for budget in data.budgets if budget.metric == FAILURE_RATIO}
    if ALL in limited or data.searches:
        return []
    shares = {
        role: measured.steady.failures / measured.steady.requests
        for role, measured in data.figures.roles.items()
        if measured.steady.failures and (ROLE, role) not in limited
    }
    return [
        f"{percent(share)} of the requests of {role} failed, and no budget limits that: "
        f"write failure_ratio under [everything] or [roles.{role}]"
        for role, share in shares.items()
    ]


def _wrote_nothing(data: RunData) -> list[str]:
    """A run that should write and could not has loaded half of the API."""
    facts = data.facts
    if not facts.should_write or facts.writes or facts.requests < ENOUGH_TO_WRITE:
        return []
    return [f"nothing was written in {facts.requests} requests, though the roles have tasks that write"]


def _defects(data: RunData) -> list[str]:
    """A request that the suite got wrong was no request of a person's."""
    count = data.faults.get(SUITE, 0)
    if not count or not data.facts.requests:
        return []
    first = next((f", such as {error.row}: {error.error}" for error in data.errors if error.fault == SUITE), "")
    return [f"{count} {'failure is' if count == 1 else 'failures are'} the suite's own: {DEFECT}{first}"]


def _search(data: RunData) -> list[str]:
    if data.state.capacity is not None:
        return _found_the_generators_limit(data.state.capacity)
    return ["the search ended before it had found the limit"] if data.searches else []


def does_not_hold(capacity: Capacity, must_hold: int | None) -> list[str]:
    """Why a search fails; empty when it found a limit that is high enough."""
    if not capacity.users:
        return [capacity.first_to_break]
    if must_hold is not None and capacity.users < must_hold:
        why = capacity.first_to_break or f"no more than {capacity.most} were allowed"
        return [f"it holds {capacity.users} users, and --must-hold asks for {must_hold}: {why}"]
    return []


def _found_the_generators_limit(capacity: Capacity) -> list[str]:
    gave_way = capacity.first_to_break.startswith(GENERATOR)
    return [f"the search met the limit of the load generator: {capacity.first_to_break}"] if gave_way else []
