"""What the races of a run have to say against it, and beside its reasons."""

from collections.abc import Iterator

from integrity.breaches import IntegrityReport, InvariantRow

UNDECIDED_NAMED = 3


def reasons_of_integrity(report: IntegrityReport | None) -> list[str]:
    """Why the run fails: each invariant that did not hold, with the first breach."""
    return [] if report is None else [_reason(report, row) for row in report.broken]


def nothing_was_decided(report: IntegrityReport | None) -> list[str]:
    """A run that was to hold races and has decided nothing says nothing."""
    if report is None or report.looked:
        return []
    why = f": {report.undecided[0]}" if report.undecided else ""
    return [f"the races have decided nothing{why}"]


def answer_of_integrity(report: IntegrityReport | None) -> str:
    """Of a run that held races, whether what was acknowledged was true; empty when none were held."""
    if report is None or not report.looked:
        return ""
    if not report.broken:
        return "Everything that was acknowledged was true when people met on the same records."
    named = "; ".join(f"{row.invariant} ({_breaches(row.broken)})" for row in report.broken)
    return f"Not everything held when people met on the same records: {named}."


def integrity_lines(report: IntegrityReport | None) -> list[str]:
    """How the races went, in a few lines."""
    return [] if report is None else list(_lines(report))


def _lines(report: IntegrityReport) -> Iterator[str]:
    races = sum(report.races.values())
    broken = sum(row.broken for row in report.rows)
    yield f"Integrity: {report.looked - broken:,} of {report.looked:,} checks held ({races:,} races)"
    if report.interruptions:
        times = "once" if report.interruptions == 1 else f"{report.interruptions} times"
        yield f"Integrity: the API was away {times}; all that had been acknowledged was read again afterwards"
    undecided = sum(row.undecided for row in report.rows)
    if undecided:
        named = "; ".join(report.undecided[:UNDECIDED_NAMED])
        yield f"Integrity: {undecided} could not be decided: {named}"
    yield from (f"Integrity: not judged, {reason}" for reason in report.not_judged)


def _reason(report: IntegrityReport, row: InvariantRow) -> str:
    first = next((breach for breach in report.breaches if breach.invariant == row.invariant), None)
    told = f": {first.what}" if first else ""
    return f"{_breaches(row.broken)} of “{row.invariant}”{told}"


def _breaches(number: int) -> str:
    return f"{number} {'breach' if number == 1 else 'breaches'}"
