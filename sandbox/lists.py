"""What every list has in common: columns, search, filters, the narrowing to one's own rows, and paging."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import g

from sandbox.db import AMONG, Row, clinic
from sandbox.error_answers import ApiError
from sandbox.express import query_value
from sandbox.filters import Filter, substring
from sandbox.javascript import is_truthy
from sandbox.postgres_types import bigint, identifier
from sandbox.server_times import read_back

_DEFAULT_LIMIT = 10


@dataclass(frozen=True)
class Listing:
    """What a list shows. `joins` add columns but neither add nor remove rows, so that counting can do without."""

    columns: str
    table: str
    order: str
    joins: str = ""
    always: str = ""
    search: tuple[str, ...] = ()
    """Conditions with one `?` each, of which one must hold for what is searched for."""
    filters: Mapping[str, Filter] = field(default_factory=dict)
    own: str = ""
    """The condition that keeps the rows of certain patients, with `IN ?` for being one of theirs."""


@dataclass(frozen=True)
class _Where:
    sql: str
    values: tuple[Any, ...]


def page(listing: Listing) -> Mapping[str, Any]:
    """The rows between `offset` and `offset + limit`, and how many there are in all."""
    limit, offset = _window()
    where = _conditions(listing)
    if _is_searched(listing):
        # Whoever has looked through all rows to count the matches has met those of the page: nobody looks twice.
        ids = clinic().column(_ids(listing, where), where.values)
        total, rows = len(ids), _rows_of(listing, ids[offset : offset + limit])
    else:
        total = clinic().value(f"SELECT COUNT(*) FROM {listing.table} {where.sql}", where.values)
        rows = _rows(listing, where, limit, offset)
    return {"data": rows, "pagination": {"total": total, "limit": limit, "offset": offset}}


def uncounted_page(listing: Listing) -> Mapping[str, Any]:
    """The same rows, without a word about how many there are in all."""
    return {"data": _rows(listing, _conditions(listing), *_window())}


def every_row(listing: Listing) -> Mapping[str, Any]:
    """All rows at once."""
    where = _conditions(listing)
    return {"data": _rows_of(listing, clinic().column(_ids(listing, where), where.values))}


def one_row(listing: Listing, row_id: str, missing: str) -> Row:
    """The row with that id, as its list shows it; 404 with the text `missing` when there is none."""
    conditions = [f"{_alias(listing)}.id = ?", *filter(None, [listing.always])]
    row = clinic().row(f"{_select(listing)} WHERE {' AND '.join(conditions)}", (identifier(row_id),))
    if row is None:
        raise ApiError(404, missing)
    read_back([row])
    return row


def _rows(listing: Listing, where: _Where, limit: int, offset: int) -> list[Row]:
    return _rows_of(
        listing, clinic().column(f"{_ids(listing, where)} LIMIT ? OFFSET ?", (*where.values, limit, offset))
    )


def _ids(listing: Listing, where: _Where) -> str:
    """Asks the table alone, in the list's order: to join a million rows for a late page would take a second."""
    return f"SELECT {_alias(listing)}.id FROM {listing.table} {where.sql} ORDER BY {listing.order}"


def _rows_of(listing: Listing, ids: Sequence[int]) -> list[Row]:
    sql = f"{_select(listing)} WHERE {_alias(listing)}.id {AMONG} ORDER BY {listing.order}"
    rows = clinic().rows(sql, (clinic().ids(ids),))
    read_back(rows)
    return rows


def _is_searched(listing: Listing) -> bool:
    return bool(listing.search) and is_truthy(query_value("search"))


def _alias(listing: Listing) -> str:
    return listing.table.split()[-1]


def _select(listing: Listing) -> str:
    return f"SELECT {listing.columns} FROM {listing.table} {listing.joins}"


def _conditions(listing: Listing) -> _Where:
    conditions = [listing.always] if listing.always else []
    values: list[Any] = []
    for key, chosen in listing.filters.items():
        if (wanted := query_value(key)) is not None:
            conditions.append(chosen.condition)
            values.append(chosen.read(wanted))
    if _is_searched(listing):
        conditions.append(f"({' OR '.join(listing.search)})")
        values += [substring(query_value("search"))] * len(listing.search)
    if "own_patients" in g:
        conditions.append(listing.own.replace("IN ?", AMONG) or "FALSE")
        values += [clinic().ids(g.own_patients)] * bool(listing.own)
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
