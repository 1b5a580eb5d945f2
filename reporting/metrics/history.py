"""How a run went over time: every row in buckets of some seconds, few enough to stay small in a run of days."""

from collections import defaultdict
from collections.abc import Callable, Collection

from reporting.metrics.histogram import Histogram, total
from reporting.metrics.recorder import Row

MAX_BUCKETS = 300


class History:
    """Buckets of one second; when there are too many, each two become one, so that a long run is told more roughly.

    Times are kept in steps of 1.6 to 3.1 %, unless `exact`: there are as many histograms as rows times buckets.
    """

    def __init__(self, *, exact: bool = False) -> None:
        self._exact = exact
        self.interval = 1
        """Seconds in a bucket."""
        self.users: dict[int, int] = {}
        """Users by bucket."""
        self.buckets = 0
        """How many there are, empty ones between included."""
        self._rows: defaultdict[Row, dict[int, Histogram]] = defaultdict(dict)

    def add(self, row: Row, second: int, histogram: Histogram) -> None:
        """`second` counts from the start of the run."""
        bucket = self._bucket(second)
        kept = self._rows[row].setdefault(bucket, Histogram())
        kept.add(histogram) if self._exact else kept.add_coarsely(histogram)

    def saw_users(self, second: int, users: int) -> None:
        self.users[self._bucket(second)] = users

    def of(self, wanted: Callable[[Row], bool]) -> list[Histogram]:
        """One histogram per bucket for all rows that are wanted."""
        found = [Histogram() for _ in range(self.buckets)]
        for row, buckets in self._rows.items():
            if wanted(row):
                for bucket, histogram in buckets.items():
                    found[bucket].add(histogram)
        return found

    def between(self, start: int, end: int) -> dict[Row, Histogram]:
        """All rows of the buckets that lie whole between these seconds, counted from the start of the run."""
        return self.only(range(-(-max(0, start) // self.interval), end // self.interval))

    def only(self, wanted: Collection[int]) -> dict[Row, Histogram]:
        """All rows of these buckets."""
        return {
            row: total(found for bucket, found in buckets.items() if bucket in wanted)
            for row, buckets in self._rows.items()
        }

    def _bucket(self, second: int) -> int:
        while second // self.interval >= MAX_BUCKETS:
            self._halve()
        bucket = max(0, second // self.interval)
        self.buckets = max(self.buckets, bucket + 1)
        return bucket

    def _halve(self) -> None:
        self.interval *= 2
        self.buckets = -(-self.buckets // 2)
        self.users = {bucket // 2: users for bucket, users in sorted(self.users.items())}
        for row, buckets in self._rows.items():
            halved: dict[int, Histogram] = {}
            for bucket, histogram in buckets.items():
                halved.setdefault(bucket // 2, Histogram()).add(histogram)
            self._rows[row] = halved
