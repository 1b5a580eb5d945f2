"""How verdicts and figures are put into words, the same in every file and on every screen."""

from collections import Counter

from reporting.metrics.measurements import Figures
from reporting.verdict.access_reasons import access_lines
from reporting.verdict.budgets import FLOORS, Judged
from reporting.verdict.integrity_reasons import integrity_lines
from reporting.verdict.model import FAIL, INVALID, PASS, Verdict
from reporting.verdict.routes import BROKEN as BROKEN_ROUTE
from reporting.verdict.routes import NOT_REACHED, WORKS

MARKS = {PASS: "PASS", FAIL: "FAIL", INVALID: "INVALID"}
KEPT = "every budget was kept"
BROKEN = "it did not keep its budgets"
SAYS_NOTHING = "this run says nothing about the API"
GENERATOR = "the load generator"
UNITS = {"p50": " ms", "p95": " ms", "p99": " ms", "min_rate": " req/s", "min_requests": " requests"}


def title(verdict: Verdict) -> str:
    """What was run, and what came of it, in one line."""
    return f"{verdict.scenario or 'ad hoc run'}: {headline(verdict)}"


def headline(verdict: Verdict) -> str:
    """A run may fail with all budgets kept: then its first reason says what it is, such as `it drifts: ...`."""
    if verdict.capacity is not None and verdict.verdict != INVALID:
        return capacity_text(verdict)
    if verdict.verdict != FAIL:
        return KEPT if verdict.verdict == PASS else SAYS_NOTHING
    if not verdict.reasons or any(not budget.ok for budget in verdict.budgets):
        return BROKEN
    return verdict.reasons[0].partition(":")[0]


def capacity_text(verdict: Verdict) -> str:
    """What a search for the limit has found."""
    found = verdict.capacity
    if found is None:
        return ""
    if found.users is None:
        return f"does not even hold {found.step} users within budget; first to break: {found.first_to_break}"
    figures = f"({found.rate:g} requests/s) within budget"
    if found.first_to_break:
        return f"holds {found.users} users {figures}; first to break: {found.first_to_break}"
    allowed = f" ({found.most} allowed)" if found.most else ""
    return f"holds at least {found.users} users {figures}; the limit was not reached{allowed}"


def describe(budget: Judged) -> str:
    """A broken budget as a sentence."""
    if budget.value is None:
        return f"{budget}: nothing was measured ({limit_text(budget)})"
    return f"{budget}: {value_text(budget)}{unit_text(budget)}, allowed is {limit_text(budget)}"


def notes_of(verdict: Verdict) -> list[str]:
    """What a summary says besides the reasons: what was found out, how the routes are, whose the failures are."""
    lines = [f"Left out: {reason}" for reason in verdict.left_out]
    lines += [f"Found: {finding}" for finding in verdict.findings]
    lines += [*access_lines(verdict.access), *integrity_lines(verdict.integrity)]
    if has_broken_routes(verdict):
        lines.append(f"Routes: {routes_text(verdict)} (see the report)")
    if any(verdict.faults.values()):
        lines.append(f"Failures: {faults_text(verdict)}")
    return lines


def has_broken_routes(verdict: Verdict) -> bool:
    return any(route.state == BROKEN_ROUTE for route in verdict.routes)


def routes_text(verdict: Verdict) -> str:
    """How many routes work, and how many do not."""
    counts = Counter(route.state for route in verdict.routes)
    named = ((counts[WORKS], "work"), (counts[BROKEN_ROUTE], BROKEN_ROUTE), (counts[NOT_REACHED], NOT_REACHED))
    return ", ".join(f"{number} {state}" for number, state in named if number)


def faults_text(verdict: Verdict) -> str:
    """How many failures are whose."""
    return ", ".join(f"{count(number)} of class {fault}" for fault, number in verdict.faults.items() if number)


def count(number: int) -> str:
    return f"{number:,}"


def ms(time: int | None) -> str:
    return "-" if time is None else f"{time:,}"


def rate(figures: Figures) -> str:
    """Per second; what was not counted over any time has none."""
    return "-" if figures.requests and not figures.rate else f"{figures.rate:,.2f}"


def ratio(figures: Figures) -> str:
    """Failures as people write them: the number, and the share when there are any."""
    if not figures.failures:
        return "0"
    return f"{figures.failures:,} ({percent(figures.failure_ratio)})"


def percent(share: float) -> str:
    return f"{share * 100:.2f}".rstrip("0").rstrip(".") + " %"


def limit_text(budget: Judged) -> str:
    """With its unit."""
    least = "at least" if budget.metric in FLOORS else "at most"
    return f"{least} {_number(budget, budget.limit)}{UNITS.get(budget.metric, '')}"


def value_text(budget: Judged) -> str:
    return "nothing" if budget.value is None else _number(budget, budget.value)


def unit_text(budget: Judged) -> str:
    return "" if budget.value is None else UNITS.get(budget.metric, "")


def _number(budget: Judged, number: float) -> str:
    return percent(number) if budget.metric == "failure_ratio" else f"{number:,g}"
