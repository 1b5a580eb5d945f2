"""Under which conditions two runs were made, and what a difference between them is worth then."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reporting.metrics.timeline import Series, Timeline
from reporting.verdict.dependence import is_hardly_known
from reporting.verdict.machine_pace import NO_CHANGE, p_beyond_the_machine, pace_ratios, sentence_of, steady_pace
from reporting.verdict.significance import ranks_of, towers

PACE_TO_THE = {"p50": 1, "p95": 1, "p99": 1, "rate": -1, "failures": 0}
"""How the machine's pace enters: what takes twice as long happens half as often."""
HARDLY_KNOWN = (
    "slow spells lasted so long that both runs saw only few of them, and only changes larger than the runs wavered "
    "themselves are told: run longer"
)


@dataclass(frozen=True)
class Conditions:
    """`pace` is how many times as long the machine took for the same work, in the median and in its p95.

    They are `hardly_known` when slow spells last so long that both runs have seen only few of them.
    """

    pace: Sequence[float]
    hardly_known: bool

    @classmethod
    def of(cls, before: Timeline, after: Timeline) -> "Conditions":
        levels = [ranks_of(steady_values(run, run.everything, "p50"))[0] for run in (before, after)]
        return cls(pace_ratios(steady_pace(before), steady_pace(after)), all(map(is_hardly_known, levels)))

    @property
    def cautions(self) -> list[str]:
        """What keeps changes from being told, a sentence each."""
        told = sentence_of(self.pace)
        return [*([told] if told else []), *([HARDLY_KNOWN] if self.hardly_known else [])]

    def p(self, before: Sequence[float], after: Sequence[float], metric: str) -> float | None:
        """The p of a difference between two series of this metric; None with too few values."""
        p = p_beyond_the_machine(before, after, [ratio ** PACE_TO_THE[metric] for ratio in self.pace])
        return NO_CHANGE if p is not None and self.hardly_known and not towers(before, after) else p


def steady_values(timeline: Timeline, series: Series, metric: str) -> list[float]:
    """One for each interval of the steady state that has any; counts are per second."""
    name = "requests" if metric == "rate" else metric
    values: Iterable[float | None] = getattr(series, name)[timeline.steady_from : timeline.steady_to]
    per = timeline.interval if name in ("requests", "failures") else 1
    return [value / per for value in values if value is not None]
