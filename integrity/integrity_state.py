"""How far the races of a run are, where the run's report and its tabs find it."""

from dataclasses import dataclass

from integrity.breaches import IntegrityReport
from integrity.race_outcomes import RaceOutcomes
from users.run_context import RunContext


@dataclass
class IntegrityState:
    """`outcomes` are there once a test has begun that holds races."""

    outcomes: RaceOutcomes | None = None

    def report(self) -> IntegrityReport | None:
        """What was found until now; None when no race was asked for."""
        return None if self.outcomes is None else self.outcomes.report()


def integrity_state(context: RunContext) -> IntegrityState:
    """The state of this run's races, which begins empty."""
    try:
        return context.part(IntegrityState)
    except KeyError:
        context.put(IntegrityState())
        return context.part(IntegrityState)
