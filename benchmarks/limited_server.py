"""A simulated server whose limit is known, with users that wait for their answers and think, second by second."""

import heapq
import math
import random
from collections import defaultdict
from dataclasses import dataclass

from reporting.metrics.histogram import Histogram, rounded, total

THINK_SECONDS = (0.6, 1.4)
SERVICE_SECONDS = 0.1
TRUTH_SECONDS = 4000
SETTLED_AFTER = 60
SHARE = 0.95


@dataclass(frozen=True)
class Kind:
    """How a server answers: `scatter` of the logarithm of its times, `rho` and `spells` of their level by second.

    `crosstalk` is how much longer it takes for each user more that there is, as a share.
    """

    exponential: bool = False
    rho: float = 0.0
    spells: float = 0.0
    crosstalk: float = 0.0


KINDS = {
    "even": Kind(),
    "exponential": Kind(exponential=True),
    "AR(1) 0.5": Kind(exponential=True, rho=0.5, spells=0.2),
    "AR(1) 0.9": Kind(exponential=True, rho=0.9, spells=0.1),
    "crosstalk": Kind(exponential=True, crosstalk=0.002),
}


class LimitedServer:
    """Serves `capacity` requests at a time, the others in the order in which they came."""

    def __init__(self, kind: Kind, capacity: int, seed: int) -> None:
        self._kind, self._random = kind, random.Random(seed)
        self._free = [0.0] * capacity
        self._arrivals: list[float] = []
        self._level = 0.0
        self._leaving = 0
        self.seconds: defaultdict[int, Histogram] = defaultdict(Histogram)
        """The answers, by the second in which they came."""

    @property
    def users(self) -> int:
        return len(self._arrivals)

    def serve(self, second: int, users: int) -> None:
        """One second, in which there are so many users."""
        for _ in range(users - self.users):
            heapq.heappush(self._arrivals, second + self._random.random())
        for _ in range(self.users - users):
            self._arrivals.pop()
        heapq.heapify(self._arrivals)
        kind = self._kind
        self._level = kind.rho * self._level + math.sqrt(1 - kind.rho**2) * self._random.gauss(0, 1)
        mean = SERVICE_SECONDS * math.exp(kind.spells * self._level) * (1 + kind.crosstalk * users)
        while self._arrivals and self._arrivals[0] < second + 1:
            self._answer(mean)

    def _answer(self, mean: float) -> None:
        came = self._arrivals[0]
        taken = self._random.expovariate(1 / mean) if self._kind.exponential else mean
        done = max(came, self._free[0]) + taken
        heapq.heapreplace(self._free, done)
        heapq.heapreplace(self._arrivals, done + self._random.uniform(*THINK_SECONDS))
        times = self.seconds[int(done)].ok
        step = rounded(round((done - came) * 1e6))
        times[step] = times.get(step, 0) + 1


def truth_of(kind: Kind, capacity: int, limit: float) -> int:
    """The most users with whom 95 % of the answers come within `limit` ms in the long run."""
    held, broken = 4 * capacity, 16 * capacity
    while broken - held > 1:
        middle = (held + broken) // 2
        held, broken = (middle, broken) if _p95(kind, capacity, middle) <= limit else (held, middle)
    return held


def _p95(kind: Kind, capacity: int, users: int) -> float:
    server = LimitedServer(kind, capacity, 0)
    for second in range(TRUTH_SECONDS):
        server.serve(second, users)
    return total(server.seconds[second] for second in range(SETTLED_AFTER, TRUTH_SECONDS)).percentile(SHARE) or 0.0
