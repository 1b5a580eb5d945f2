"""Answer times, counted: exact to 1 ms below one second, to three digits above."""

from collections.abc import Iterable

EXACT_BELOW = 1000


def rounded(milliseconds: int) -> int:
    """Exact below a second, then in steps of 10 ms, from ten seconds on in steps of 100 ms."""
    if milliseconds < EXACT_BELOW:
        return milliseconds
    step = 10 if milliseconds < 10 * EXACT_BELOW else 100
    return (milliseconds + step // 2) // step * step


class Histogram:
    """How often which time in ms was seen, for successful (`ok`) and for `failed` answers."""

    __slots__ = ("failed", "ok")

    def __init__(self, ok: Iterable[tuple[int, int]] = (), failed: Iterable[tuple[int, int]] = ()) -> None:
        self.ok: dict[int, int] = dict(ok)
        self.failed: dict[int, int] = dict(failed)

    @property
    def requests(self) -> int:
        return sum(self.ok.values()) + self.failures

    @property
    def failures(self) -> int:
        return sum(self.failed.values())

    def add(self, other: "Histogram") -> None:
        _pour(other.ok, self.ok)
        _pour(other.failed, self.failed)

    def percentile(self, share: float) -> int | None:
        """The time in ms within which `share` (0 to 1) of the successful answers came; None when there was none."""
        return percentile(self.ok, share)


def percentile(times: dict[int, int], share: float) -> int | None:
    """The smallest time that at least `share` of those counted did not exceed (nearest rank); None without any."""
    wanted = share * sum(times.values())
    passed = 0
    for taken in sorted(times):
        passed += times[taken]
        if passed >= wanted - 1e-9:
            return taken
    return None


def total(histograms: Iterable[Histogram]) -> Histogram:
    everything = Histogram()
    for histogram in histograms:
        everything.add(histogram)
    return everything


def _pour(source: dict[int, int], target: dict[int, int]) -> None:
    for taken, count in source.items():
        taken = rounded(taken)
        target[taken] = target.get(taken, 0) + count
