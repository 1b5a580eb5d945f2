"""When the API was away, silent, failing, refusing or slow: from the seconds of a run to its incidents. Pure."""

import re
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

import msgspec

from api.fault_classes import SUITE, fault_of
from reporting.metrics.seconds import Second
from reporting.verdict.trouble import SilenceTracker, Span, Tracker, merged, quantile, usual_share

Kind = Literal["away", "silent", "hanging", "failing", "refusing", "slow"]
AWAY: Final = "away"
SILENT: Final = "silent"
HANGING: Final = "hanging"
FAILING: Final = "failing"
REFUSING: Final = "refusing"
SLOW: Final = "slow"

SLOW_CAP, VERY_SLOW_CAP = 3.0, 5.0
"""What one second of such answers proves at most: being slow for less than five seconds is no trouble, being very slow
for less than three."""
GAP_SECONDS = 5
NAMED = 3
FIRST_SECONDS = 3
HELD_BACK_SECONDS = 30
"""After a failure a user may pause for so long: its silence is then its own."""
ENDING_SECONDS = 10
"""After so long without anything bad, an incident has ended however few answers there were to show it."""

_AWAY = ("could not connect", "the connection broke", "the connection was closed", "the server closed the connection")
_HANGING = ("no whole answer within", "no answer yet")
_REFUSED = re.compile(r"got (401|403|429)\b")


class Incident(msgspec.Struct, frozen=True):
    """`began` and `ended` are UTC; `after` is how many seconds into the run it began, `lasted` how many it took.

    `bad` of `requests` failed or were slow, on `routes`: the first ones, of `hit` in all. `longest` in ms.
    `normal_after` is within how many seconds after the end the API was itself again; None: not before the load ended.
    """

    kind: Kind
    began: str
    ended: str
    after: int
    lasted: int
    requests: int
    bad: int
    routes: list[str] = []
    hit: int = 0
    said: str = ""
    share: float = 1.0
    """Of the answers of its whole seconds, how many were bad: the first and the last are only in part its own."""
    longest: int = 0
    normal_after: int | None = None


@dataclass(frozen=True)
class Normal:
    """The share of answers that fail, or are (very) slow, on a good day; how many answers a user gets in a second."""

    failed: float = 0.0
    slow: float = 0.0
    very_slow: float = 0.0
    rate: float = 0.0


def normal_of(seconds: Sequence[Second]) -> Normal:
    """What is normal in these seconds, of which less than half may be trouble."""
    seen = [second for second in seconds if second.awake and second.users]
    return Normal(
        usual_share((_failures(second), second.answers) for second in seconds),
        usual_share((sum(second.late.values()), second.answers) for second in seconds),
        usual_share((second.very_late, second.answers) for second in seconds),
        quantile([second.answers / second.users for second in seen], 0.25),
    )


def incidents_in(seconds: Sequence[Second], normal: Normal, slow_from: int | None) -> list[Incident]:
    """Every incident in these seconds, which begin with the run; None are slow before the second `slow_from`.

    It is None when slowness is no trouble, as in a search that goes on until the API is slow.
    """
    failing, silent = Tracker(normal.failed), SilenceTracker()
    slow, very_slow = Tracker(normal.slow, SLOW_CAP), Tracker(normal.very_slow, VERY_SLOW_CAP)
    held_back: deque[int] = deque([0] * HELD_BACK_SECONDS, maxlen=HELD_BACK_SECONDS)
    for second in seconds:
        failures = _failures(second)
        failing.feed(second.at, failures, second.answers)
        if slow_from is not None and second.at >= slow_from:
            slow.feed(second.at, sum(second.late.values()), second.answers)
            very_slow.feed(second.at, second.very_late, second.answers)
        working = max(0, second.users - sum(held_back)) if second.awake else 0
        silent.feed(second.at, normal.rate * working, second.answers)
        held_back.append(failures)
    spans = merged([*failing.spans, *slow.spans, *very_slow.spans, *silent.spans], GAP_SECONDS)
    return [_told(span, silent.spans, seconds) for span in spans]


def is_open(incident: Incident) -> bool:
    return incident.normal_after is None


def kind_of(text: str) -> Kind:
    """What a failure's text says of the API."""
    if text.startswith(_AWAY):
        return AWAY
    if text.startswith(_HANGING):
        return HANGING
    return REFUSING if _REFUSED.search(text) else FAILING


def _failures(second: Second) -> int:
    """But for those of the suite's own, which say nothing about the API."""
    return sum(count for said, count in second.failed.items() if fault_of(said.text) != SUITE)


def _told(span: Span, silences: Iterable[Span], seconds: Sequence[Second]) -> Incident:
    start = seconds[0].at
    tail = [second for second in seconds[span.end - start :] if second.answers or second.awake]
    span = _with_its_end(span, tail)
    within = [second for second in seconds if span.begin <= second.at < span.end]
    silence = next((one for one in silences if one.begin < span.end and span.begin < one.end), None)
    kind = _worst(within, silence)
    of_kind = [second.at for second in within if _bad(second, kind)]
    begin = _when_it_was_asked(span.begin, within, start)
    end = of_kind[-1] + 1 if of_kind else span.end
    if kind == SILENT and silence is not None:
        begin, end = silence.begin, silence.end
    back = next((second.at for second in tail if second.at >= span.end and second.answers), None)
    routes = _routes(within)
    return Incident(
        kind=kind,
        began=_utc(begin),
        ended=_utc(end),
        after=begin - start,
        lasted=end - begin,
        requests=sum(second.answers for second in within),
        bad=sum(map(_bad_answers, within)),
        routes=routes[:NAMED],
        hit=len({route for second in within for route in _bad_routes(second)}),
        said=_commonest(within, kind),
        share=round(_share(within), 3),
        longest=max((second.longest for second in within), default=0),
        normal_after=back + 1 - end if span.closed and back is not None else None,
    )


def _with_its_end(span: Span, tail: Sequence[Second]) -> Span:
    """With the bad seconds right behind it; closed also when there was too little after it to say so for sure."""
    end = span.end
    for second in tail:
        if second.at != end or 2 * sum(_bad_routes(second).values()) < max(1, second.answers):
            break
        end = second.at + 1
    after = [second for second in tail if second.at >= end]
    quiet = bool(after) and after[-1].at - end >= ENDING_SECONDS
    return Span(span.begin, end, span.closed or quiet)


def _worst(within: Sequence[Second], silence: Span | None) -> Kind:
    """The kind of the most failures; without enough of them it was silent, or slow."""
    kinds: Counter[Kind] = Counter()
    for second in within:
        for said, count in second.failed.items():
            kinds[kind_of(said.text)] += count
    late = sum(sum(second.late.values()) for second in within)
    if silence is not None and kinds.total() <= late:
        return SILENT
    if not kinds or kinds.total() * NAMED < late:
        return SLOW
    return kinds.most_common(1)[0][0]


def _bad(second: Second, kind: Kind) -> int:
    if kind == SLOW:
        return sum(second.late.values())
    return sum(count for said, count in second.failed.items() if kind_of(said.text) == kind)


def _bad_answers(second: Second) -> int:
    return _failures(second) + sum(second.late.values())


def _share(within: Sequence[Second]) -> float:
    inner = [second for second in within[1:-1] if second.answers] or [second for second in within if second.answers]
    answers = sum(second.answers for second in inner)
    return min(1.0, sum(map(_bad_answers, inner)) / answers) if answers else 1.0


def _when_it_was_asked(begin: int, within: Sequence[Second], start: int) -> int:
    """Trouble shows when an answer comes, or does not: it was there when that was asked for."""
    first = next((second for second in within if second.at >= begin and second.shortest), None)
    asked = begin if first is None else min(begin, first.at - first.shortest // 1000)
    return max(start, asked)


def _bad_routes(second: Second) -> Mapping[str, int]:
    found = Counter(second.late)
    for said, count in second.failed.items():
        found[said.route] += count
    return found


def _routes(within: Sequence[Second]) -> list[str]:
    """Those that were hit first, the most often hit before the others."""
    bad = [found for second in within if (found := _bad_routes(second))]
    first = sum((Counter(found) for found in bad[:FIRST_SECONDS]), Counter[str]())
    return [route for route, _ in first.most_common()]


def _commonest(within: Sequence[Second], kind: Kind) -> str:
    texts: Counter[str] = Counter()
    for second in within:
        for said, count in second.failed.items():
            if kind_of(said.text) == kind:
                texts[said.text] += count
    return texts.most_common(1)[0][0] if texts else ""


def _utc(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).isoformat(timespec="seconds")
