"""The answer to a run's question, in one sentence that needs no knowledge of load tests."""

from reporting.verdict.access_reasons import answer_of_access
from reporting.verdict.budgets import Judged
from reporting.verdict.digits import three_digits
from reporting.verdict.duet_texts import answer_of_duet
from reporting.verdict.integrity_reasons import answer_of_integrity
from reporting.verdict.model import INVALID, PASS, Verdict
from reporting.verdict.wording import capacity_text, percent

SHARES = {"p50": "half", "p95": "95 %", "p99": "99 %"}
MS_PER_SECOND = 1000
LONG = 120
"""Characters, beyond which a reason is no part of a sentence."""


def answer(verdict: Verdict) -> str:
    if verdict.verdict == INVALID:
        return "Not judged: this run says nothing about the API."
    if verdict.capacity is not None:
        return f"The API {capacity_text(verdict)}."
    users = f"{verdict.users.reached:,} {'user' if verdict.users.reached == 1 else 'users'}"
    access, integrity = answer_of_access(verdict.access), answer_of_integrity(verdict.integrity)
    if verdict.verdict == PASS:
        held = f"The API held {users}{_how(verdict)}."
        return " ".join(part for part in (access, integrity, held, answer_of_duet(verdict.duet)) if part)
    if verdict.access is not None and verdict.access.new and access:
        return access
    if verdict.integrity is not None and verdict.integrity.broken:
        return integrity
    broken = [budget for budget in verdict.budgets if not budget.ok]
    if not broken and verdict.duet is not None and verdict.duet.worse:
        return answer_of_duet(verdict.duet)
    if not broken:
        return f"The API did not pass with {users}{_first_reason(verdict)}."
    return f"The API did not hold {users}: {_told(max(broken, key=lambda budget: budget.strain))}."


def _first_reason(verdict: Verdict) -> str:
    """As a whole when it is short, else what stands before its details."""
    if not verdict.reasons:
        return ""
    reason = verdict.reasons[0]
    return f": {reason if len(reason) <= LONG else reason.partition(': ')[0]}"


def duration(ms: float) -> str:
    """`850 ms`, `2.4 s`."""
    return f"{three_digits(ms)} ms" if ms < MS_PER_SECOND else f"{ms / MS_PER_SECOND:.3g} s"


def _how(verdict: Verdict) -> str:
    steady = verdict.everything.steady
    if steady.ok.p50 is None or steady.ok.p95 is None:
        return ""
    failed = f"{percent(steady.failure_ratio)} of the requests failed" if steady.failures else "no request failed"
    return (
        f": half of the answers came within {duration(steady.ok.p50)}, 95 % within {duration(steady.ok.p95)}; {failed}"
    )


def _told(budget: Judged) -> str:
    value, limit = budget.value, budget.limit
    whose = _whose(budget)
    if value is None:
        return f"nothing was measured of {budget.name or 'it'}, which has a budget"
    if budget.metric in SHARES:
        of = f"{SHARES[budget.metric]} of {whose}"
        return f"{of} took up to {duration(value)}, and {duration(limit)} is allowed"
    if budget.metric == "failure_ratio":
        return f"{percent(value)} of {whose} failed, and {percent(limit)} is allowed"
    if budget.metric == "min_rate":
        return f"{whose} came to {value:g} per second, and at least {limit:g} are expected"
    return f"{whose} came to {value:,g}, and at least {limit:,g} are expected"


def _whose(budget: Judged) -> str:
    return {
        "everything": "all requests",
        "role": f"the requests of {budget.name}",
        "endpoint": budget.name,
        "journey": f"the journeys “{budget.name}”",
    }[budget.kind]
