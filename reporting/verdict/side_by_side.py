"""NEW beside OLD: what the pairs of their answers say of everything, each role, journey and endpoint."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import msgspec

from reporting.metrics.measurements import Figures, Interval
from reporting.metrics.pairs import STEP, Cell, steps_of
from reporting.metrics.subjects import ALL, ROLE, Subject
from reporting.verdict.duet_report import DuetData, DuetReport, DuetRow
from reporting.verdict.intervals import CONFIDENCE
from reporting.verdict.paired import MIN_PAIRS, Shift, difference_p, shift_of
from reporting.verdict.power import POWER
from reporting.verdict.significance import ERROR_RATE, beyond_noise

HEADLINE = (ALL[0], ROLE)
SMALLEST_SHARE = 0.01
SMALLEST_MS = 0.05
"""What the generator itself adds; a smaller difference is none."""
TWICE = math.log(2) / STEP
LATE_SHARE = 0.01
"""Of all pairs: so many more must be late on the one side for it to count."""
TIME, LATE, FAILURES = "time", "late", "failures"
TESTS = (TIME, LATE, FAILURES)


@dataclass(frozen=True)
class _Found:
    """What the pairs of one subject say, before it is known how many others were asked."""

    subject: Subject
    whole: Cell
    shift: Shift | None
    late: int
    early: int
    p_values: tuple[float | None, float | None, float | None]
    """Of a difference in time, in lateness, in failures; None when there is too little to tell."""

    @property
    def compared(self) -> int:
        """Pairs in which both succeeded."""
        return sum(self.whole.ratios.values())

    @property
    def pairs(self) -> int:
        return self.compared + sum(self.whole.counts[:3])


def duet_report(data: DuetData | None, new: Mapping[Subject, Figures]) -> DuetReport | None:
    """How NEW, with these figures, stands beside OLD; None when the run is no duet."""
    if data is None:
        return None
    found = [
        _look(subject, data.pairs[subject]) for subject in dict.fromkeys([ALL, *data.pairs]) if subject in data.pairs
    ]
    found = found or [_look(ALL, [])]
    rows = []
    for headline in (True, False):
        group = [one for one in found if (one.subject[0] in HEADLINE) == headline]
        known = [p for one in group for p in one.p_values]
        beyond = beyond_noise(known, ERROR_RATE / 2)
        tests = sum(p is not None for p in known)
        for number, one in enumerate(group):
            real = dict(zip(TESTS, beyond[3 * number : 3 * number + 3], strict=True))
            rows.append(_row(one, real, tests, new.get(one.subject, Figures()), data.old.get(one.subject, Figures())))
    return DuetReport(data.against, rows, data.sandbox_args, data.outside)


def _look(subject: Subject, cells: Sequence[Cell]) -> _Found:
    whole = Cell()
    for cell in cells:
        whole.add(cell)
    shift = shift_of(cells)
    late, early = ([_beyond(cell, sign) for cell in cells] for sign in (1, -1))
    by_late = None if shift is None else difference_p(late, early)
    enough = sum(whole.ratios.values()) + sum(whole.counts[:3]) >= MIN_PAIRS
    failed = [cell.new_failed for cell in cells], [cell.old_failed for cell in cells]
    by_failures = difference_p(*failed) if enough else None
    p_values = (None if shift is None else shift.p, by_late, by_failures)
    return _Found(subject, whole, shift, sum(late), sum(early), p_values)


def _beyond(cell: Cell, sign: int) -> int:
    """Pairs in which one side took more than twice as long as the other."""
    return sum(count for key, count in cell.ratios.items() if sign * steps_of(key) > TWICE)


def _row(found: _Found, real: Mapping[str, bool], tests: int, new: Figures, old: Figures) -> DuetRow:
    shift, whole = found.shift, found.whole
    row = DuetRow(
        *found.subject,
        pairs=found.pairs,
        unmatched=whole.unmatched,
        new=new.ok,
        old=old.ok,
        late=found.late,
        early=found.early,
        new_failed=whole.new_failed,
        old_failed=whole.old_failed,
        both_failed=whole.both_failed,
    )
    ways = [test for test in TESTS if real[test] and _is_relevant(test, found, old)]
    ways = [test for test in ways if test != LATE or TIME not in ways]
    worse = [test for test in ways if _more(test, found) > 0]
    row = msgspec.structs.replace(row, worse=worse, better=[test for test in ways if test not in worse])
    if shift is None:
        return row
    reach = shift.reach(CONFIDENCE)
    ends = (round(math.expm1(shift.middle + end), 5) for end in (-reach, reach))
    return msgspec.structs.replace(
        row,
        change=round(math.expm1(shift.middle), 5),
        interval=Interval(*ends),
        would_show=round(max(_smallest(old), _needed(shift, tests)), 5),
    )


def _more(test: str, found: _Found) -> float:
    """Above 0, NEW is worse in this."""
    if test == TIME:
        return found.shift.middle if found.shift else 0.0
    if test == LATE:
        return found.late - found.early
    return found.whole.new_failed - found.whole.old_failed


def _is_relevant(test: str, found: _Found, old: Figures) -> bool:
    if test == TIME:
        return found.shift is not None and abs(math.expm1(found.shift.middle)) >= _smallest(old)
    return test != LATE or abs(found.late - found.early) >= LATE_SHARE * found.compared


def _smallest(old: Figures) -> float:
    """The smallest share that counts."""
    return max(SMALLEST_SHARE, SMALLEST_MS / old.ok.p50) if old.ok.p50 else SMALLEST_SHARE


def _needed(shift: Shift, tests: int) -> float:
    """The change that is found with a chance of POWER, when so many tests share the error rate."""
    normal = NormalDist()
    sure = shift.reach(1 - ERROR_RATE / 2 / max(1, tests))
    return math.expm1(sure + normal.inv_cdf(POWER) * shift.error.value)
