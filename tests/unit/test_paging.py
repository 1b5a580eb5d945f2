"""Lists are read to their end, which is where their rows end, not where they say it is."""

from types import SimpleNamespace

import pytest

from api.endpoints import LIST_ADDRESSES, LIST_EPISODES, LIST_USERS
from records.paging import ROWS_PER_PAGE, rows_of


class Listing:
    """A list of so many rows that claims another total."""

    def __init__(self, rows, total, limit=ROWS_PER_PAGE):
        self.rows, self.total, self.limit, self.asked = rows, total, limit, 0

    def __call__(self, listing, limit=None, offset=0, **_):
        self.asked += 1
        if limit is None:
            return SimpleNamespace(data=list(range(self.rows)))
        until = min(offset + min(limit, self.limit), self.rows)
        return SimpleNamespace(data=list(range(offset, until)), pagination=SimpleNamespace(total=self.total))


@pytest.mark.parametrize(
    ("rows", "total", "asked"),
    [(0, 0, 1), (3, 3, 1), (500, 500, 2), (1200, 1200, 3), (3, 10**9, 2), (1200, 10**9, 4), (1200, 0, 3)],
)
def test_a_list_ends_where_its_rows_end(rows, total, asked):
    listing = Listing(rows, total)
    assert list(rows_of(listing, LIST_USERS)) == list(range(rows))
    assert listing.asked == asked


def test_a_list_without_pages_is_asked_once():
    listing = Listing(3, 3)
    assert list(rows_of(listing, LIST_ADDRESSES, patient_id=1)) == [0, 1, 2]
    assert listing.asked == 1


def test_a_list_whose_pages_are_smaller_than_asked_for_is_read_whole():
    listing = Listing(rows=250, total=250, limit=100)
    assert list(rows_of(listing, LIST_USERS)) == list(range(250))


def test_a_list_that_does_not_count_its_rows_is_read_until_a_page_is_empty():
    class Uncounted(Listing):
        def __call__(self, *args, **params):
            return SimpleNamespace(data=super().__call__(*args, **params).data)

    listing = Uncounted(rows=250, total=0, limit=100)
    assert list(rows_of(listing, LIST_EPISODES)) == list(range(250))
