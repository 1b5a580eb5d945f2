"""How far the audit of a run is, where the run's report and its tabs find it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from access.findings import AccessReport
from access.outcomes import Outcomes
from config.access_file import AccessRule
from users.run_context import RunContext


@dataclass
class AuditState:
    """`rules` and `known` are there once the options were checked, `outcomes` once a test has begun."""

    rules: Mapping[str, AccessRule] = field(default_factory=dict)
    known: Collection[str] = ()
    outcomes: Outcomes | None = None

    def report(self) -> AccessReport | None:
        """What was found until now; None when nothing was asked for."""
        return None if self.outcomes is None else self.outcomes.report(self.known)


def audit_state(context: RunContext) -> AuditState:
    """The state of this run's audit, which begins empty."""
    try:
        return context.part(AuditState)
    except KeyError:
        context.put(AuditState())
        return context.part(AuditState)
