"""How NEW stands beside OLD, in words."""

from collections.abc import Iterator, Sequence

from reporting.metrics.subjects import ALL, ENDPOINT, ROLE
from reporting.verdict.digits import three_digits
from reporting.verdict.duet_report import DuetReport, DuetRow
from reporting.verdict.side_by_side import FAILURES, LATE, TIME

NAMED = 5
WHOLE_PERCENT = 1.0
"""From here on a change is told without decimals."""
MANY_TIMES = 9
WORSE = {TIME: "slower", LATE: "late more often", FAILURES: "fails more often"}
BETTER = {TIME: "faster", LATE: "late less often", FAILURES: "fails less often"}


def reasons_of_duet(report: DuetReport | None) -> list[str]:
    """Why a run fails that was held against another host: all that is worse there beyond the noise."""
    if report is None:
        return []
    return [f"{WORSE[way]} than OLD: {_evidence(row, way)}" for row in report.worse for way in row.worse]


def nothing_was_compared(report: DuetReport | None) -> list[str]:
    """A duet that has compared nothing says nothing."""
    if report is None:
        return []
    outside = [f"{_plural(report.outside, 'twin')} of OLD never got in"] if report.outside else []
    if report.everything.change is not None:
        return outside
    return [
        *outside,
        f"the duet has compared nothing: {_plural(report.everything.pairs, 'pair')} of answers, too few to tell",
    ]


def answer_of_duet(report: DuetReport | None) -> str:
    """How the new release stands beside the old one, in a sentence; empty when it was no duet."""
    if report is None or report.everything.change is None:
        return ""
    if report.worse:
        worst, way = report.worse[0], report.worse[0].worse[0]
        return f"The new release is not as good as the old one: {WORSE[way]}, {_evidence(worst, way)}."
    row = report.everything
    better = [BETTER[way] for way in row.better]
    told = f"It is {better[0]} than OLD" if better else "It is no slower than OLD beyond the noise"
    return f"{told}: {change_text(row)}."


def duet_lines(report: DuetReport | None) -> list[str]:
    """What a summary says of it."""
    return [] if report is None else list(_lines(report))


def change_text(row: DuetRow) -> str:
    """`+3.2 % (95 %: +2.1 to +4.4 %)`"""
    return "could not be compared" if row.change is None else f"{signed(row.change)} (95 %: {interval_text(row)})"


def interval_text(row: DuetRow) -> str:
    """`+2.1 to +4.4 %`"""
    if row.interval is None or row.interval.low is None or row.interval.high is None:
        return "-"
    return f"{signed(row.interval.low).removesuffix(' %')} to {signed(row.interval.high)}"


def state_text(row: DuetRow) -> str:
    """`slower, fails more often`, or `within the noise`."""
    ways = [*(WORSE[way] for way in row.worse), *(BETTER[way] for way in row.better)]
    return ", ".join(ways) or ("too few pairs" if row.change is None else "within the noise")


def signed(share: float) -> str:
    """`+3.2 %`; beyond a factor of ten, `15.2 times`."""
    if share >= MANY_TIMES:
        return f"{three_digits(1 + share)} times"
    return f"{share * 100:+.{0 if abs(share) >= WHOLE_PERCENT else 1}f} %"


def failed_text(row: DuetRow) -> str:
    """Pairs in which one side alone failed: NEW, and OLD."""
    return f"{row.new_failed:,} / {row.old_failed:,}"


def _lines(report: DuetReport) -> Iterator[str]:
    everything = report.everything
    yield f"Duet: everything {change_text(everything)} beside OLD, {report.against}, in {_pairs(everything)}"
    if everything.change is not None:
        yield _power(report)
    if everything.new_failed or everything.old_failed:
        only = f"NEW in {everything.new_failed:,}, OLD in {everything.old_failed:,}"
        yield f"Duet: one side alone failed, {only} of {_pairs(everything)}"
    better = [f"{row} {BETTER[way]} ({_evidence(row, way)})" for row in report.better for way in row.better]
    if better:
        yield f"Duet: better than OLD: {_first(better)}"
    seldom = [str(row) for row in report.rows if row.change is None]
    if seldom and everything.change is not None:
        what = "endpoint" if all(row.kind == ENDPOINT for row in report.rows if row.change is None) else "row"
        yield f"Duet: {_plural(len(seldom), what)} had too few pairs to be compared: {_first(seldom)}"
    if everything.unmatched:
        steps = _plural(everything.unmatched, "step")
        yield f"Duet: {steps} had no twin (other data, or a failure before), and could not be compared"


def _power(report: DuetReport) -> str:
    """A slowdown of more than 100 % says nothing."""
    headline = [row for row in report.rows if row.kind in (ALL[0], ROLE) and row.would_show is not None]
    seen = {str(row): row.would_show for row in headline if row.would_show is not None and row.would_show <= 1}
    if not seen:
        return "Duet: too short, or too uneven: it would not have shown that a time has doubled"
    told = ", ".join(f"{name} by {signed(share)}" for name, share in seen.items())
    return f"Duet: it would have shown that NEW is slower: {told} or more"


def _evidence(row: DuetRow, way: str) -> str:
    """What a judgement of a row rests on."""
    if way == TIME:
        return f"{row} {change_text(row)} in {_pairs(row)}"
    if way == LATE:
        return (
            f"{row} took more than twice as long in {row.late:,}, and less than half in {row.early:,} of {_pairs(row)}"
        )
    return f"{row} failed here only in {row.new_failed:,}, there only in {row.old_failed:,} of {_pairs(row)}"


def _pairs(row: DuetRow) -> str:
    return _plural(row.pairs, "pair")


def _first(told: Sequence[str]) -> str:
    more = [f"and {len(told) - NAMED} more"] if len(told) > NAMED else []
    return ", ".join([*told[:NAMED], *more])


def _plural(number: int, what: str) -> str:
    return f"{number:,} {what if number == 1 else f'{what}s'}"
