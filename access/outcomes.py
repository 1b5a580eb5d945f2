"""What came of the cells so far: counted for the matrix, and each that was not as it should be."""

import time
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

import msgspec

from access.curl import curl
from access.findings import ALLOWED, LEAK, REFUSED, UNDECIDED, WRONGLY_REFUSED, AccessReport, Finding, MatrixRow
from access.judging import Judgement
from access.matrix import Cell
from access.questions import Question

COLUMNS = (ALLOWED, REFUSED, LEAK, WRONGLY_REFUSED, UNDECIDED)


class Outcomes:
    """Of one audit; `url` is the host's, for the lines that try a finding again.

    With a `share`, cells are asked many times, by each process of the run: `hand_over` and `take_over` bring together
    what they found.
    """

    def __init__(self, url: str, share: float = 0.0) -> None:
        self.requests = 0
        self.share = share
        self._url = url
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._findings: dict[str, Finding] = {}
        self._decided: dict[str, tuple[str, str]] = {}
        self._not_asked: Counter[str] = Counter()
        self._started = time.monotonic()

    def add(self, cell: Cell, judgement: Judgement, asked: Question) -> None:
        self._decided[str(cell)] = cell.role, cell.resource
        self._counts[cell.role, cell.resource, judgement.outcome] += 1
        if judgement.outcome not in (ALLOWED, REFUSED):
            owasp = judgement.owasp or cell.owasp if judgement.outcome == LEAK else ""
            line = "" if judgement.outcome == UNDECIDED else curl(self._url, cell, asked)
            self._findings[str(cell)] = Finding(str(cell), judgement.outcome, judgement.what, line, owasp)

    def add_unasked(self, reason: str) -> None:
        self._not_asked[reason] += 1

    def hand_over(self) -> Any:
        """All of it, as it can travel; what was handed over counts no more here."""
        counts = [(*key, count) for key, count in self._counts.items()]
        findings = [msgspec.to_builtins(finding) for finding in self._findings.values()]
        content = (self.requests, counts, findings, list(self._decided.items()), list(self._not_asked.items()))
        self.requests = 0
        self._counts.clear()
        self._not_asked.clear()
        self._findings.clear()
        return content

    def take_over(self, content: Any) -> None:
        """What another process has handed over."""
        requests, counts, findings, decided, not_asked = content
        self.requests += requests
        for role, resource, outcome, count in counts:
            self._counts[role, resource, outcome] += count
        for finding in msgspec.convert(findings, list[Finding]):
            self._findings[finding.cell] = finding
        self._decided |= {cell: (role, resource) for cell, (role, resource) in decided}
        self._not_asked.update(dict(not_asked))

    def report(self, known: Collection[str] = ()) -> AccessReport:
        """Of the `known` cells, those that were asked and are as they should be are closed."""
        replace = msgspec.structs.replace
        findings = [replace(finding, known=finding.cell in known) for finding in self._findings.values()]
        return AccessReport(
            matrix=list(self._rows()),
            findings=sorted(findings, key=lambda finding: (finding.known, finding.outcome != LEAK)),
            closed=sorted(cell for cell in known if cell in self._decided and cell not in self._findings),
            not_asked=[f"{count} cells: {reason}" for reason, count in self._not_asked.items()],
            requests=self.requests,
            cells=len(self._decided),
            share=self.share,
            seconds=round(time.monotonic() - self._started, 1),
        )

    def _rows(self) -> Iterator[MatrixRow]:
        for role, resource in dict.fromkeys(self._decided.values()):
            counts = [self._counts[role, resource, outcome] for outcome in COLUMNS]
            yield MatrixRow(role, resource, *counts)
