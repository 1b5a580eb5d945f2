"""What a search for the limit has found, in words."""

from reporting.verdict.digits import three_digits
from reporting.verdict.model import Capacity, Step
from reporting.verdict.scalability import Scalability

GENERATOR = "the load generator"


def found_text(found: Capacity) -> str:
    """`holds 152 users (95 %: 141 to 160) within budget, at 92.4 requests/s; first to break: ...`"""
    if found.users is None:
        return f"does not even hold {found.step} users within budget; first to break: {found.first_to_break}"
    held = f"{found.users} users{_interval(found)} within budget, at {found.rate:g} requests/s"
    if found.first_to_break:
        return f"holds {held}; first to break: {found.first_to_break}"
    allowed = f" ({found.most} allowed)" if found.most else ""
    return f"holds at least {held}; the limit was not reached{allowed}"


def _interval(found: Capacity) -> str:
    """Where nothing broke, the headline says all that is known."""
    if found.interval is None or not found.first_to_break:
        return ""
    low, high = found.interval.low, found.interval.high
    if low is None and high is None:
        return " (95 %: not known)"
    told = f"at most {high:g}" if low is None else f"at least {low:g}" if high is None else f"{low:g} to {high:g}"
    return f" (95 %: {told})"


def step_text(step: Step) -> str:
    """Whether a step held, or what broke; and whether another try may say the opposite."""
    told = "yes" if step.held else "; ".join(step.broke)
    is_close = step.seconds and not step.sure and not told.startswith(GENERATOR)
    return f"{told}, too close to call" if is_close else told


def what_limits(found: Capacity) -> str:
    """What limits it, in one sentence; empty when that is not known."""
    if found.first_to_break.startswith(GENERATOR):
        return "The load generator was the limit, not the API."
    law = found.scalability
    if law is None:
        return ""
    most = max(step.users for step in found.steps)
    if not law.limited_by:
        return f"Up to {most:,} users the rate grows with them: no limit of the rate was seen."
    return f"{_cause(law)}{_knee(law)}."


def _cause(law: Scalability) -> str:
    if law.limited_by == "contention":
        return f"With more users, they wait for each other (contention {_percent(law.contention)})"
    return f"With more users, each makes all others slower (coherency {_percent(law.coherency)})"


def _knee(law: Scalability) -> str:
    return "" if law.knee is None else f"; beyond {round(law.knee):,} users the rate does not grow"


def _percent(share: float) -> str:
    return f"{three_digits(share * 100)} %"
