"""What an access audit has to say against a run, and beside its reasons."""

from collections.abc import Iterator, Sequence

from access.findings import LEAK, UNDECIDED, WRONGLY_REFUSED, AccessReport, Finding

NAMED = 3
FOUND = ((LEAK, "leak", "leaks"), (WRONGLY_REFUSED, "right is refused", "rights are refused"))


def reasons_of_access(report: AccessReport | None) -> list[str]:
    """Why the run fails: what must not be answered and is, and what must be and is not; known findings aside."""
    if report is None:
        return []
    return [
        text
        for outcome, one, many in FOUND
        for text in _sentence([finding for finding in report.new if finding.outcome == outcome], one, many)
    ]


def nothing_was_asked(report: AccessReport | None) -> list[str]:
    """Why the run is invalid: it was to look at who sees what, beside a load too, and has looked at nothing."""
    return ["the access audit has asked nothing"] if report is not None and not report.cells else []


def answer_of_access(report: AccessReport | None) -> str:
    """What an audit of everything has to say to its question; empty when there was none, or it has found no answer."""
    if report is None or report.share or not report.cells:
        return ""
    known = sum(finding.known for finding in report.findings)
    if not report.new:
        return f"Everyone got what is theirs, and nobody more{f', but for what is known ({known})' if known else ''}."
    return f"Not everyone got what is theirs, and no more: {'; '.join(_counts(report))}."


def access_lines(report: AccessReport | None) -> list[str]:
    """How the audit went, in a few lines."""
    return [] if report is None else list(_lines(report))


def _lines(report: AccessReport) -> Iterator[str]:
    wrong = len(report.findings)
    right = report.cells - wrong
    asked = f"{report.requests} requests, {report.seconds:g} s"
    yield f"Access: {right} of {report.cells} cells are as they should be ({asked})"
    known = sum(finding.known for finding in report.findings)
    if known:
        yield f"Access: {known} of the others are known"
    for cell in report.closed:
        yield f"Access: a known leak was closed, take it out of the file: {cell}"
    undecided = [finding for finding in report.findings if finding.outcome == UNDECIDED]
    for text in _sentence(undecided, "cell could not be decided", "cells could not be decided"):
        yield f"Access: {text}"
    yield from (f"Access: not asked, {reason}" for reason in report.not_asked)


def _counts(report: AccessReport) -> Iterator[str]:
    for outcome, one, many in FOUND:
        if number := sum(finding.outcome == outcome for finding in report.new):
            yield f"{number} {one if number == 1 else many}"


def _sentence(findings: Sequence[Finding], one: str, many: str) -> Iterator[str]:
    if not findings:
        return
    named = "; ".join(f"{finding.cell} ({finding.what})" for finding in findings[:NAMED])
    more = f"; and {len(findings) - NAMED} more" if findings[NAMED:] else ""
    yield f"{len(findings)} {one if len(findings) == 1 else many}: {named}{more}"
