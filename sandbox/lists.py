"""What every list has in common: columns, search, filters, the narrowing to one's own rows, and paging."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import g

from sandbox.db import Row, clinic
from sandbox.errors import ApiError
from sandbox.express import query_value
from sandbox.javascript import is_truthy, template_text
from sandbox.postgres_types import bigint, identifier, integer, parameter
from sandbox.times import read_back

_DEFAULT_LIMIT = 10


@dataclass(frozen=True)
class Filter:
    """One query key that narrows a list: the SQL condition with one `?`, and how its text is read."""

    condition: str
    read: Callable[[Any], Any] = integer


@dataclass(frozen=True)
class Listing:
    """What a list shows. `joins` add columns but neither add nor remove rows, so that counting can do without."""

    columns: str
    table: str
    order: str
    joins: str = ""
    always: str = ""
    search: tuple[str, ...] = ()
    filters: Mapping[str, Filter] = field(default_factory=dict)
    own: str = ""
    """The condition, with one `?` for the patient's id, that keeps a patient's own rows."""


@dataclass(frozen=True)
class _Where:
    sql: str
    values: tuple[Any, ...]


def page(listing: Listing) -> Mapping[str, Any]:
    """The rows between `offset` and `offset + limit`, and how many there are in all."""
    limit, offset = _window()
    where = _conditions(listing)
    counted = f"SELECT COUNT(*) FROM {listing.table} {_joins_of_search(listing)} {where.sql}"
    total = clinic().value(counted, where.values)
    rows = _rows(listing, where, limit, offset)
    return {"data": rows, "pagination": {"total": total, "limit": limit, "offset": offset}}


def uncounted_page(listing: Listing) -> Mapping[str, Any]:
    """The same rows, without a word about how many there are in all."""
    return {"data": _rows(listing, _conditions(listing), *_window())}


def every_row(listing: Listing) -> Mapping[str, Any]:
    """All rows at once."""
    return {"data": _rows(listing, _conditions(listing), limit=-1, offset=0)}


def one_row(listing: Listing, row_id: str, missing: str) -> Row:
    """The row with that id, as its list shows it; 404 with the text `missing` when there is none."""
    alias = listing.table.split()[-1]
    conditions = [f"{alias}.id = ?", *filter(None, [listing.always])]
    row = clinic().row(f"{_select(listing)} WHERE {' AND '.join(conditions)}", (identifier(row_id),))
    if row is None:
        raise ApiError(404, missing)
    read_back([row])
    return row


def contains(column: str) -> str:
    """The condition, with one `?`, that a column contains a text."""
    return f"{column} LIKE ? ESCAPE '\\'"


def substring(wanted: Any) -> str | None:
    """What `contains` is asked for, whatever the case; `%`, `_` and `\\` keep their meaning, as in the API."""
    return parameter(f"%{template_text(wanted)}%")


def _rows(listing: Listing, where: _Where, limit: int, offset: int) -> list[Row]:
    """Which rows they are is found out first, in the table alone: to join a million rows for a late page takes long."""
    alias = listing.table.split()[-1]
    joins = _joins_of_search(listing)
    ids = f"SELECT {alias}.id FROM {listing.table} {joins} {where.sql} ORDER BY {listing.order} LIMIT ? OFFSET ?"
    sql = f"{_select(listing)} WHERE {alias}.id IN ({ids}) ORDER BY {listing.order}"
    rows = clinic().rows(sql, (*where.values, limit, offset))
    read_back(rows)
    return rows


def _joins_of_search(listing: Listing) -> str:
    """Only a search looks into the joined tables; filters do not."""
    return listing.joins if listing.search and is_truthy(query_value("search")) else ""


def _select(listing: Listing) -> str:
    return f"SELECT {listing.columns} FROM {listing.table} {listing.joins}"


def _conditions(listing: Listing) -> _Where:
    conditions = [listing.always] if listing.always else []
    values: list[Any] = []
    for key, chosen in listing.filters.items():
        if (wanted := query_value(key)) is not None:
            conditions.append(chosen.condition)
            values.append(chosen.read(wanted))
    if listing.search and is_truthy(wanted := query_value("search")):
        conditions.append("(" + " OR ".join(map(contains, listing.search)) + ")")
        values += [substring(wanted)] * len(listing.search)
    if listing.own and "only_patient" in g:
        conditions.append(listing.own)
        values.append(g.only_patient)
    return _Where(f"WHERE {' AND '.join(conditions)}" if conditions else "", tuple(values))


def _window() -> tuple[int, int]:
    return _bound("limit", _DEFAULT_LIMIT), _bound("offset", 0)


def _bound(key: str, default: int) -> int:
    """PostgreSQL reads these two itself, and says so when it cannot."""
    wanted = query_value(key)
    number = default if wanted is None else bigint(wanted)
    if number < 0:
        raise ApiError(500, f"{key.upper()} must not be negative")
    return number
