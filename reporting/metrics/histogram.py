"""Answer times, counted on a log-linear scale: three significant digits from 1 µs up, as HdrHistogram counts them."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

DIGIT_BITS = 11
"""So many leading bits of a time are kept: steps of 1 µs below 2 ms, of less than 0.1 % above."""
COARSE_BITS = 6
"""What suffices where many histograms are kept, one per row and interval: steps of 1.6 to 3.1 %."""


def rounded(microseconds: int, bits: int = DIGIT_BITS) -> int:
    """The lower end of the step of the scale that the time falls into."""
    shift = microseconds.bit_length() - bits
    return microseconds >> shift << shift if shift > 0 else microseconds


def step_of(microseconds: int, bits: int = DIGIT_BITS) -> int:
    """How wide the step is that the time falls into, in µs."""
    return 1 << max(0, microseconds.bit_length() - bits)


def milliseconds(microseconds: int | None) -> float | None:
    return None if microseconds is None else microseconds / 1000


class Histogram:
    """How often which time in µs was seen, for successful (`ok`) and for `failed` answers, and the `size` of them all.

    The size is that of their bodies, in bytes.
    """

    __slots__ = ("failed", "ok", "size")

    def __init__(
        self, ok: Iterable[tuple[int, int]] = (), failed: Iterable[tuple[int, int]] = (), size: int = 0
    ) -> None:
        self.ok: dict[int, int] = dict(ok)
        self.failed: dict[int, int] = dict(failed)
        self.size = size

    @property
    def requests(self) -> int:
        return sum(self.ok.values()) + self.failures

    @property
    def failures(self) -> int:
        return sum(self.failed.values())

    @property
    def longest(self) -> float | None:
        """Of the successful answers, in ms."""
        return milliseconds(max(self.ok, default=None))

    def add(self, other: "Histogram") -> None:
        _pour(other.ok, self.ok)
        if other.failed:
            _pour(other.failed, self.failed)
        self.size += other.size

    def add_coarsely(self, other: "Histogram") -> None:
        """As `add`, with steps of COARSE_BITS."""
        _pour_coarsely(other.ok, self.ok)
        _pour_coarsely(other.failed, self.failed)

    def percentile(self, share: float) -> float | None:
        """The time in ms within which `share` (0 to 1) of the successful answers came; None when there was none."""
        return milliseconds(percentile(self.ok, share))

    def percentiles(self, shares: Sequence[float]) -> list[float | None]:
        """The same for several shares, at the price of one."""
        return [milliseconds(taken) for taken in percentiles(self.ok, shares)]


def percentile(times: Mapping[int, int], share: float) -> int | None:
    """The smallest time that at least `share` of those counted did not exceed (nearest rank); None without any."""
    (found,) = percentiles(times, (share,))
    return found


def percentiles(times: Mapping[int, int], shares: Sequence[float]) -> list[int | None]:
    """Those of several shares."""
    if not times:
        return [None] * len(shares)
    ordered = sorted(times)
    passed = list(accumulate(map(times.__getitem__, ordered)))
    return [ordered[bisect_left(passed, share * passed[-1] - 1e-9)] for share in shares]


def total(histograms: Iterable[Histogram]) -> Histogram:
    everything = Histogram()
    for histogram in histograms:
        everything.add(histogram)
    return everything


def _pour(source: dict[int, int], target: dict[int, int]) -> None:
    if not target:
        target.update(source)
        return
    for taken, count in source.items():
        target[taken] = target.get(taken, 0) + count


class _CoarseSteps(dict[int, int]):
    """By time: each of the fine scale's 24,000 is reckoned once; a hundred take 11 µs to pour instead of 19."""

    def __missing__(self, taken: int) -> int:
        step = self[taken] = rounded(taken, COARSE_BITS)
        return step


_COARSE = _CoarseSteps()


def _pour_coarsely(source: dict[int, int], target: dict[int, int]) -> None:
    for taken, count in source.items():
        step = _COARSE[taken]
        target[step] = target.get(step, 0) + count
