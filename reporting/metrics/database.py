"""What was seen of the API's database while the load went on, as facts: nothing here judges."""

from collections.abc import Sequence

import msgspec


class Statement(msgspec.Struct, frozen=True):
    """One statement in the steady state, its values left out. `ms` is its time in the database, all calls together.

    `looks` are seconds since the start of the run, and how often it had been called by then.
    """

    key: str
    text: str
    calls: int
    ms: float
    rows: int = 0
    hits: int = 0
    misses: int = 0
    """Pages found in the database's memory, and those that were not."""
    looks: list[tuple[float, int]] = []
    waits_for: str = ""
    waited: float = 0.0
    """What its sessions waited for most, such as `IO: DataFileRead`, and in which share of the looks."""


class Table(msgspec.Struct, frozen=True):
    """A table during the test: how often it was read from end to end, and how many rows that were."""

    name: str
    rows: int
    scans: int
    rows_read: int
    indexed: list[str] = []
    """The columns that an index begins with."""
    grown: int = 0
    """Rows that were added during the test, those that were removed taken off."""


class LockWait(msgspec.Struct, frozen=True):
    """Who waited for whom: `seconds` of all that waited together, `most` that did so at one moment."""

    waiting: str
    holder: str
    holder_state: str
    seconds: float
    most: int
    key: str = ""
    """Of the statement that waited."""


class Pool(msgspec.Struct, frozen=True):
    """The connections of one client of the database: how many there were at most, in how many looks all were in use."""

    client: str
    size: int
    looks: int
    all_in_use: int


class Database(msgspec.Struct, frozen=True, kw_only=True):
    """One database during one test; `statements` are those that took the most time."""

    name: str
    seconds: float = 0.0
    """How long the statements were counted."""
    ms: float = 0.0
    calls: int = 0
    """Of all statements, also those that are not listed."""
    statements: Sequence[Statement] = ()
    tables: Sequence[Table] = ()
    waits: Sequence[LockWait] = ()
    pools: Sequence[Pool] = ()
    most_connections: int = 0
    allowed_connections: int = 0
    deadlocks: int = 0
    temporary_files: int = 0
    temporary_bytes: int = 0
