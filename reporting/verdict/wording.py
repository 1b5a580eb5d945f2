"""How verdicts and figures are put into words, the same in every file and on every screen."""

from collections import Counter

from reporting.metrics.measurements import Figures
from reporting.verdict.access_reasons import access_lines
from reporting.verdict.budgets import FLOORS, Judged
from reporting.verdict.capacity_texts import found_text, what_limits
from reporting.verdict.digits import three_digits
from reporting.verdict.duet_texts import duet_lines
from reporting.verdict.fix_first import is_urgent
from reporting.verdict.incident_texts import sentence
from reporting.verdict.integrity_reasons import integrity_lines
from reporting.verdict.model import FAIL, INVALID, PASS, Verdict
from reporting.verdict.power import named, reach
from reporting.verdict.recovery import recovery_text
from reporting.verdict.routes import BROKEN as BROKEN_ROUTE
from reporting.verdict.routes import NOT_REACHED, WORKS
from reporting.verdict.sequential import Sureness

MARKS = {PASS: "PASS", FAIL: "FAIL", INVALID: "INVALID"}
KEPT = "every budget was kept"
BROKEN = "it did not keep its budgets"
COUNT = "min_requests"
SAYS_NOTHING = "this run says nothing about the API"
MAX_INCIDENTS = 5
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
    return "" if verdict.capacity is None else found_text(verdict.capacity)


def describe(budget: Judged) -> str:
    """A broken budget as a sentence."""
    if budget.value is None:
        return f"{budget}: nothing was measured ({limit_text(budget)})"
    return f"{budget}: {value_text(budget)}{unit_text(budget)}, allowed is {limit_text(budget)}"


def notes_of(verdict: Verdict) -> list[str]:
    """What a summary says besides the reasons: what to fix first, how sure it is, what was found out."""
    lines = [f"Fix first: {told}" for told in fix_first_lines(verdict)] if is_urgent(verdict.fix_first) else []
    lines += [f"Left out: {reason}" for reason in verdict.left_out]
    lines += sureness(verdict)
    lines += [f"Capacity: {told}"] if verdict.capacity is not None and (told := what_limits(verdict.capacity)) else []
    lines += [f"Found: {finding}" for finding in verdict.findings]
    lines += [f"Incident: {told}" for told in incident_lines(verdict)]
    lines += [f"Watched: {told}" for told in verdict.watched.sentences] if verdict.watched is not None else []
    lines += [f"{recovery_text(verdict.recovery)}."] if verdict.recovery is not None else []
    lines += [*access_lines(verdict.access), *integrity_lines(verdict.integrity), *duet_lines(verdict.duet)]
    if has_broken_routes(verdict):
        lines.append(f"Routes: {routes_text(verdict)} (see the report)")
    if any(verdict.faults.values()):
        lines.append(f"Failures: {faults_text(verdict)}")
    return lines


def sureness(verdict: Verdict) -> list[str]:
    """Which budgets were too close to call, and which changes this run would have shown."""
    if verdict.verdict == INVALID:
        return []
    lines = [f"Too close to call: {measured_text(budget)}" for budget in verdict.budgets if budget.close]
    lines += [sureness_text(verdict.sureness)] if verdict.sureness is not None else []
    if few := [str(budget) for budget in verdict.budgets if budget.too_few]:
        lines.append(f"Too few requests to be sure: {', '.join(few)}")
    return [*lines, power_text(verdict)] if verdict.smallest_changes else lines


def stimulus_text(verdict: Verdict) -> str:
    """Whether the load was the one that was asked for."""
    wrong = sum(not check.ok for check in verdict.stimulus)
    if wrong:
        return f"The load was not the one asked for: {wrong} of {len(verdict.stimulus)} checks failed"
    return f"The load was the one asked for: {len(verdict.stimulus)} checks, from the mix of roles to Little's law"


def sureness_text(sureness: Sureness) -> str:
    """Whether a run that was to be sure is, and of what it is not."""
    if sureness.after is not None:
        return f"Sure at {sureness.percent:g} % after {sureness.after} s of steady state: every budget is decided"
    return f"Not sure at {sureness.percent:g} %, after {sureness.looks} looks, of {', '.join(sureness.undecided)}"


def power_text(verdict: Verdict) -> str:
    """What a comparison with a run like this one would have found; a change of more than 100 % says nothing."""
    seen = {metric: share for metric, share in verdict.smallest_changes.items() if share <= 1}
    if not seen:
        return "Too short, or too uneven, for a comparison: it would not have shown that a time has doubled"
    return f"A comparison would have shown a change of {named(seen)} or more"


def state_text(budget: Judged) -> str:
    """`kept`, or `broken, too close to call`"""
    return ("kept" if budget.ok else "broken") + doubt_text(budget)


def doubt_text(budget: Judged) -> str:
    return ", too close to call" if budget.close else ", too few to be sure" if budget.too_few else ""


def measured_text(budget: Judged) -> str:
    """`everything p95: 780 ms (95 %: 740 to 830 ms), allowed is at most 800 ms`"""
    sure = f" (95 %: {interval_text(budget)})" if budget.interval else ""
    return f"{budget}: {value_text(budget)}{unit_text(budget)}{sure}, allowed is {limit_text(budget)}"


def interval_text(budget: Judged) -> str:
    """With its unit; empty when there is none."""
    if budget.interval is None:
        return ""
    low, high = (None if end is None else _number(budget, end) for end in (budget.interval.low, budget.interval.high))
    told = (
        f"{low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}" if high else "unknown"
    )
    return told + (UNITS.get(budget.metric, "") if low or high else "")


def plus_minus(figures: Figures, metric: str) -> str:
    """`±4 %`: how sure a value is, half of its interval as a share; empty when that is not known."""
    found = reach(figures.intervals.get(metric))
    return "" if found is None else f"±{found:.0%}".replace("%", " %")


def fix_first_title(verdict: Verdict) -> str:
    return "Fix first" if is_urgent(verdict.fix_first) else "What people wait for most"


def fix_first_lines(verdict: Verdict) -> list[str]:
    """`1. GET /api/patients: 84 % of the answers that break everything p95; ...`"""
    return [f"{number}. {one.route}: {one.reason}" for number, one in enumerate(verdict.fix_first, 1)]


def incident_lines(verdict: Verdict) -> list[str]:
    """A sentence each, the first ones: whoever has more of them has one trouble, not many."""
    lines = [sentence(incident) for incident in verdict.incidents[:MAX_INCIDENTS]]
    more = len(verdict.incidents) - len(lines)
    return [*lines, f"and {more} more"] if more else lines


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


def ms(time: float | None) -> str:
    """A time in ms, or another measured number, to three digits: 0.412, 3.07, 24.6, 1,290."""
    return "-" if time is None else three_digits(time)


def kilobytes(figures: Figures) -> str:
    """The mean size of an answer's body."""
    return "-" if figures.size is None else three_digits(figures.size / 1000)


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
    if budget.metric == "failure_ratio":
        return percent(number)
    short = f"{number:,g}" if budget.metric == COUNT else three_digits(number)
    return f"{number:,g}" if number != budget.limit and short == f"{budget.limit:,g}" else short
