"""What narrows a list: the keys of its query, and the conditions that they become."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.javascript import template_text
from sandbox.postgres_types import integer, parameter


@dataclass(frozen=True)
class Filter:
    """One query key that narrows a list: the SQL condition with one `?`, and how its text is read."""

    condition: str
    read: Callable[[Any], Any] = integer


def contains(column: str) -> str:
    """The condition, with one `?`, that a column contains a text."""
    return f"{column} LIKE ? ESCAPE '\\'"


def substring(wanted: Any) -> str | None:
    """What `contains` is asked for, whatever the case; `%`, `_` and `\\` keep their meaning, as in the API."""
    return parameter(f"%{template_text(wanted)}%")


def among(column: str, table: str, searched: str) -> str:
    """The condition, with one `?`, that a column names a row of the table in which `searched` contains a text.

    The other table is looked through once, in its index: that is several times faster than to join it row by row.
    """
    return f"{column} IN (SELECT id FROM {table} WHERE {contains(searched)})"
