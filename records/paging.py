"""Reads lists to their end."""

from collections.abc import Callable, Iterator
from typing import Any

from api.endpoint import Endpoint

ROWS_PER_PAGE = 500


def rows_of(call: Callable[..., Any], listing: Endpoint[Any], **filters: Any) -> Iterator[Any]:
    """Every row of the list, page by page where it has pages. `call` is an ApiClient's.

    A page without a row is the end, whatever the list says of its total; a full one is not, nor is any other page of
    a list that does not say how many rows it has.
    """
    if "limit" not in listing.query:
        yield from call(listing, **filters).data
        return
    offset = total = 0
    full = True
    while full or offset < total:
        page = call(listing, limit=ROWS_PER_PAGE, offset=offset, **filters)
        if not page.data:
            return
        yield from page.data
        offset += len(page.data)
        full = len(page.data) >= ROWS_PER_PAGE
        total = page.pagination.total if hasattr(page, "pagination") else offset + 1
