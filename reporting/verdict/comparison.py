"""Two runs side by side: what changed, and which changes are beyond the noise."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from reporting.metrics.measurements import Figures, Measured
from reporting.metrics.subjects import ALL, ENDPOINT, JOURNEY_OF, ROLE, Subject
from reporting.metrics.timeline import Timeline
from reporting.verdict.conditions import Conditions, steady_values
from reporting.verdict.digits import three_digits
from reporting.verdict.machine_pace import p_beyond_the_machine, pace_of, pace_ratios
from reporting.verdict.model import Verdict
from reporting.verdict.power import not_worse_than
from reporting.verdict.significance import ERROR_RATE, beyond_noise

METRICS = ("p50", "p95", "p99", "rate", "failures")
HEADLINE = (ALL[0], ROLE)
AS_BUDGET = {"rate": "min_rate", "failures": "failure_ratio"}
SMALLEST = {"p50": 0.05, "p95": 0.05, "p99": 0.05}
"""A change of answer times that is smaller than what the generator itself adds, 0.05 ms, is none."""


@dataclass(frozen=True)
class Run:
    """One run's folder, read."""

    folder: Path
    verdict: Verdict
    timeline: Timeline

    def measured(self) -> dict[Subject, Measured]:
        verdict = self.verdict
        found: dict[Subject, Measured] = {ALL: verdict.everything}
        for kind, group in ((ROLE, verdict.roles), (JOURNEY_OF, verdict.journeys), (ENDPOINT, verdict.endpoints)):
            found |= {(kind, name): measured for name, measured in group.items()}
        return found


@dataclass(frozen=True)
class Change:
    """One metric of one subject. `p` is None when there was too little to tell; `beyond` the noise or within it."""

    subject: Subject
    metric: str
    before: float | None
    after: float | None
    p: float | None
    beyond: bool
    worst: float | None = None
    """By which share it may have become worse at most, with 97.5 % confidence."""

    @property
    def worse(self) -> bool:
        if not self.beyond or self.before is None or self.after is None:
            return False
        return self.after < self.before if self.metric == "rate" else self.after > self.before

    @property
    def better(self) -> bool:
        return self.beyond and not self.worse

    @property
    def share(self) -> float | None:
        """By which part of what it was it has grown; below 0, it has become less."""
        if not self.before or self.after is None:
            return None
        return (self.after - self.before) / self.before

    def __str__(self) -> str:
        return (
            f"{self.subject[1] or self.subject[0]} {self.metric}: {_told(self.before)} before, {_told(self.after)} now"
        )


@dataclass(frozen=True)
class Comparison:
    before: Run
    after: Run
    changes: list[Change]
    added: list[Subject]
    gone: list[Subject]
    cautions: Sequence[str] = ()
    """What keeps changes from being told, a sentence each."""

    @property
    def worse(self) -> list[Change]:
        return [change for change in self.changes if change.worse]

    @property
    def at_worst(self) -> str:
        """What a comparison that finds nothing leaves possible: `everything is no worse than p50 +3 %, p95 +7 %`."""
        known = [change for change in self.changes if change.subject == ALL and change.worst is not None]
        told = ", ".join(f"{change.metric} {change.worst:+.0%}".replace("%", " %") for change in known)
        return f"with 97.5 % confidence, everything is no worse than {told}" if told else ""

    @property
    def by_importance(self) -> list[Change]:
        """The changes beyond the noise: what became worse first, then what holds for more, then the larger one."""
        kinds = (ALL[0], ROLE, JOURNEY_OF, ENDPOINT)
        real = [change for change in self.changes if change.beyond]
        return sorted(real, key=lambda change: (change.better, kinds.index(change.subject[0]), -abs(change.share or 0)))


def compare(before: Run, after: Run) -> Comparison:
    old, new = before.measured(), after.measured()
    both = [subject for subject in new if subject in old]
    pairs = [(subject, metric) for subject in both for metric in METRICS]
    values = [(_value(old[at].steady, metric), _value(new[at].steady, metric)) for at, metric in pairs]
    conditions = Conditions.of(before.timeline, after.timeline)
    p_values = [_p(before, after, at, metric, conditions) for at, metric in pairs]
    real = _beyond_noise([subject for subject, _ in pairs], p_values)
    changes = [
        Change(
            subject,
            metric,
            then,
            now,
            p,
            beyond and _big_enough(metric, then, now),
            not_worse_than(old[subject].steady, new[subject].steady, AS_BUDGET.get(metric, metric)),
        )
        for (subject, metric), (then, now), p, beyond in zip(pairs, values, p_values, real, strict=True)
    ]
    added = [subject for subject in new if subject not in old]
    gone = [subject for subject in old if subject not in new]
    return Comparison(before, after, changes, added, gone, conditions.cautions)


def _beyond_noise(subjects: Sequence[Subject], p_values: Sequence[float | None]) -> list[bool]:
    """Half of the error rate is for the whole and the roles, so that many endpoints do not hide what all suffer."""
    real = [False] * len(subjects)
    for headline in (True, False):
        places = [at for at, subject in enumerate(subjects) if (subject[0] in HEADLINE) == headline]
        found = beyond_noise([p_values[at] for at in places], ERROR_RATE / 2)
        for at, beyond in zip(places, found, strict=True):
            real[at] = beyond
    return real


def sentence(change: Change) -> str:
    """`everything p95: 23 before, 224 now (+874 %), worse`"""
    by = "" if change.share is None else f" ({change.share:+.0%})".replace("%", " %")
    return f"{change}{by}, {'worse' if change.worse else 'better'}"


def drift(timeline: Timeline) -> list[str]:
    """What became worse within one run, its last third held against its first, beyond the noise."""
    third = (timeline.steady_to - timeline.steady_from) // 3
    parts = (timeline.steady_from, timeline.steady_from + third), (timeline.steady_to - third, timeline.steady_to)
    found = []
    for metric in ("p50", "p95", "failures"):
        values = getattr(timeline.everything, metric)
        first, last = ([value for value in values[start:end] if value is not None] for start, end in parts)
        ratios = [] if metric == "failures" else pace_ratios(*(pace_of(timeline, *part) for part in parts))
        p = p_beyond_the_machine(first, last, ratios)
        then, now = (median(part) if part else 0 for part in (first, last))
        if p is not None and p < ERROR_RATE / 3 and now - then >= SMALLEST.get(metric, 0) and sum(last) > sum(first):
            found.append(
                f"it drifts: {metric} {three_digits(then)} in the first third, {three_digits(now)} in the last"
            )
    return found


def _p(before: Run, after: Run, subject: Subject, metric: str, conditions: Conditions) -> float | None:
    then, now = before.timeline.of(subject), after.timeline.of(subject)
    if then is None or now is None:
        return None
    series = steady_values(before.timeline, then, metric), steady_values(after.timeline, now, metric)
    return conditions.p(*series, metric)


def _value(figures: Figures, metric: str) -> float | None:
    if metric == "rate":
        return figures.rate
    if metric == "failures":
        return figures.failures
    return figures.value(metric)


def _big_enough(metric: str, before: float | None, after: float | None) -> bool:
    return before is not None and after is not None and abs(after - before) >= SMALLEST.get(metric, 0)


def _told(value: float | None) -> str:
    return "nothing" if value is None else three_digits(value)
