"""What the races of a run have found, as it stands in verdict.json: counts by invariant, and each breach."""

import msgspec

LOST = "no acknowledged write is lost"
READ_YOUR_WRITES = "read your writes"
MIXED = "updates that cross do not mix"
DELETED = "deleted stays deleted"
UNIQUE = "unique stays unique"
TOGETHER = "a file and its association come together"
AUDITED = "one audit row for every write"
ONE_BOOKING = "no double booking"
OWN_ANSWER = "everybody gets their own answer"
TOTALS = "totals agree with rows"
INVARIANTS = (LOST, READ_YOUR_WRITES, MIXED, DELETED, UNIQUE, TOGETHER, AUDITED, ONE_BOOKING, OWN_ANSWER, TOTALS)


class Sent(msgspec.Struct, frozen=True):
    """One request of a race; `ms` are from the first one's start to when it was sent, and to its answer."""

    ms: tuple[float, float]
    who: str
    request: str
    answer: str


class Breach(msgspec.Struct, frozen=True):
    """One race that ended as it must not. `at` is when it began (UTC), `again` the command that tries it again.

    That begins with a race of the same `seed`: the same people, the same order and distances, if not the same luck.
    """

    invariant: str
    race: str
    what: str
    records: list[str]
    at: str
    requests: list[Sent]
    seed: str
    again: str = ""


class InvariantRow(msgspec.Struct, frozen=True):
    """How often an invariant was looked at, and how that came out."""

    invariant: str
    kept: int = 0
    broken: int = 0
    undecided: int = 0


class IntegrityReport(msgspec.Struct, frozen=True):
    """`not_judged` says of what was left out, why; `checking_cpu` and `process_cpu` are seconds, over all processes.

    `interruptions` counts the times that the API was away, after each of which all that was kept was read again.
    """

    rows: list[InvariantRow] = []
    breaches: list[Breach] = []
    undecided: list[str] = []
    not_judged: list[str] = []
    races: dict[str, int] = {}
    requests: int = 0
    interruptions: int = 0
    read_again: int = 0
    checking_cpu: float = 0.0
    process_cpu: float = 0.0

    @property
    def broken(self) -> list[InvariantRow]:
        return [row for row in self.rows if row.broken]

    @property
    def looked(self) -> int:
        """How many times anything was decided."""
        return sum(row.kept + row.broken for row in self.rows)
