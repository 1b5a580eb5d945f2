"""When trouble began and ended in a series of seconds: Page's test on counts, with hysteresis. Pure arithmetic."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

ALARM = 14.0
"""Evidence (in nats) at which trouble is called one: about one false alarm in a million answers."""
CALM = 4.0
"""Evidence of good answers, since the last bad second, at which it is over."""
CALM_SECONDS = 3
LEAST_SHARE = 0.1
"""Trouble of a smaller share of the answers is left to the budgets."""
TIMES_THE_USUAL = 4.0
FLOOR = 0.005
BLOCK = 30
"""Answers that are looked at together to know what share is usual."""


@dataclass
class Span:
    """From second `begin` up to, without, `end`; `closed` once good answers have shown that it is over."""

    begin: int
    end: int
    closed: bool = False


@dataclass
class Tracker:
    """Fed with each second's bad and all answers in turn. `usual` is the share that is bad on a good day.

    `cap` limits what a single second counts: slow answers of one second mostly have one cause, such as a pause of the
    garbage collector, and prove less than so many independent ones.
    """

    usual: float
    cap: float = math.inf
    spans: list[Span] = field(default_factory=list)
    _score: float = 0.0
    _since: int | None = None
    _last_bad: int = 0
    _bad: int = 0
    _all: int = 0
    _calm: float = 0.0

    def feed(self, at: int, bad: int, answers: int) -> None:
        if not self.spans or self.spans[-1].closed:
            self._look_for_trouble(at, bad, answers)
        else:
            self._look_for_calm(at, bad, answers)

    def _look_for_trouble(self, at: int, bad: int, answers: int) -> None:
        usual, unusual = self._shares()
        gain = bad * math.log(unusual / usual) + (answers - bad) * math.log((1 - unusual) / (1 - usual))
        if bad and self._since is None:
            self._since, self._bad, self._all = at, 0, 0
        self._score = max(0.0, self._score + min(gain, self.cap))
        self._bad, self._all = self._bad + bad, self._all + answers
        if bad:
            self._last_bad = at
        if not self._score:
            self._since = None
        elif self._score >= ALARM and self._since is not None:
            self.spans.append(Span(self._since, self._last_bad + 1))
            self._score, self._since, self._calm = 0.0, None, 0.0

    def _look_for_calm(self, at: int, bad: int, answers: int) -> None:
        """The fewer of the answers were bad, the more good ones in a row it takes to show that it is over."""
        span, (usual, unusual) = self.spans[-1], self._shares()
        share = self._bad / self._all if self._all else unusual
        if bad and bad / answers > max(2 * usual, share / 4):
            self._bad, self._all = self._bad + bad, self._all + answers
            span.end, self._calm = at + 1, 0.0
            return
        self._calm -= (answers - bad) * math.log(1 - max(LEAST_SHARE, min(share, 1.0) / 2))
        if self._calm >= CALM and at + 1 - span.end >= CALM_SECONDS:
            span.closed = True

    def _shares(self) -> tuple[float, float]:
        usual = min(max(self.usual, FLOOR), 0.9)
        return usual, min(max(LEAST_SHARE, TIMES_THE_USUAL * usual), (1 + usual) / 2)


@dataclass
class SilenceTracker:
    """Fed with how many answers were expected and came. A single second of silence proves no more than its cap."""

    cap: float = 6.0
    spans: list[Span] = field(default_factory=list)
    _score: float = 0.0
    _since: int | None = None

    def feed(self, at: int, expected: float, answers: int) -> None:
        if answers:
            if self.spans and not self.spans[-1].closed:
                self.spans[-1].end, self.spans[-1].closed = at, True
            self._score, self._since = 0.0, None
            return
        self._since = at if self._since is None else self._since
        self._score += min(expected, self.cap)
        if self.spans and not self.spans[-1].closed:
            self.spans[-1].end = at + 1
        elif self._score >= ALARM:
            self.spans.append(Span(self._since, at + 1))


def usual_share(counts: Iterable[tuple[int, int]]) -> float:
    """Of (bad, all) answers by second, the share that is bad on a good day.

    Blocks of answers are compared, and those that stand out from the lower quartile are left out.
    """
    blocks: list[tuple[int, int]] = [(0, 0)]
    for bad, answers in counts:
        blocks[-1] = blocks[-1][0] + bad, blocks[-1][1] + answers
        if blocks[-1][1] >= BLOCK:
            blocks.append((0, 0))
    whole = [block for block in blocks if block[1] >= BLOCK]
    if not whole:
        return 0.0
    centre = quantile([bad / answers for bad, answers in whole], 0.25)
    limit = centre + 3 * math.sqrt(max(centre, 1 / BLOCK) * (1 - centre) / BLOCK)
    kept = [(bad, answers) for bad, answers in whole if bad / answers <= limit]
    return sum(bad for bad, _ in kept) / sum(answers for _, answers in kept)


def quantile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else 0.0


def merged(spans: Iterable[Span], gap: int) -> list[Span]:
    """Spans that touch, or nearly so, are one; it is open while any part is."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda span: span.begin):
        if found and span.begin - found[-1].end <= gap:
            last = found[-1]
            if span.end >= last.end:
                last.closed = span.closed
            last.end = max(last.end, span.end)
        else:
            found.append(Span(span.begin, span.end, span.closed))
    return found
