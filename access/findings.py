"""What an access audit has found, as it stands in verdict.json: counts by role and resource, and each finding."""

from typing import Literal

import msgspec

Outcome = Literal["allowed", "refused", "leak", "wrongly refused", "undecided"]
ALLOWED: Outcome = "allowed"
REFUSED: Outcome = "refused"
LEAK: Outcome = "leak"
WRONGLY_REFUSED: Outcome = "wrongly refused"
UNDECIDED: Outcome = "undecided"


class Finding(msgspec.Struct, frozen=True):
    """One cell whose answer was not as the file says. `cell` is its name in the file of known leaks.

    `owasp` is its number in the OWASP API Security Top 10 of 2023; `curl` tries it again, with tokens as variables.
    """

    cell: str
    outcome: Outcome
    what: str
    curl: str
    owasp: str = ""
    known: bool = False


class MatrixRow(msgspec.Struct, frozen=True):
    """One role (or broken token) on one resource: how many cells came out how."""

    role: str
    resource: str
    allowed: int = 0
    refused: int = 0
    leaks: int = 0
    wrongly_refused: int = 0
    undecided: int = 0


class AccessReport(msgspec.Struct, frozen=True):
    """`closed` are known leaks that this audit asked for and did not find; `not_asked` says of what is missing, why.
    With a `share`, one request in so many was a question of the matrix."""

    matrix: list[MatrixRow] = []
    findings: list[Finding] = []
    closed: list[str] = []
    not_asked: list[str] = []
    requests: int = 0
    cells: int = 0
    share: float = 0.0
    seconds: float = 0.0

    @property
    def new(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.known and finding.outcome != UNDECIDED]

    @property
    def leaks(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.outcome == LEAK]
