"""Which route a statement belongs to: its calls over time, explained by the requests of each route. Pure.

Least squares through the origin with weights that are not negative: calls = sum of (calls per request * requests).
Routes are taken one by one, whichever explains most, while the extended Bayesian information criterion finds a further
one worth it. How sure a route is: its weight among all that could stand in its place, by the same criterion.
"""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from statistics import median

import msgspec

from reporting.metrics.timeline import Timeline

LEAST_SPELLS, MOST_SPELLS = 15, 150
TIMES_AN_ANSWER = 3.0
"""An answer is counted when it came, its statements a little before: spells much shorter would tear them apart."""
MOST_ROUTES = 5
LEAST_SHARE = 0.05
LEAST_EXPLAINED = 0.25
"""Of the ups and downs: pages of a list are of different lengths, and so are the calls for their rows."""
LEFT_OF_EVEN = 0.2
"""Of the squares of what is used up: measured runs with one route that takes most have 0.00 to 0.13, with none 0.01."""
EVERY_ROUTE, NO_ROUTE = "every route", ""
"""What all do alike, such as to look up who asks; and what goes on whoever asks, such as a job."""
LIKELY = 0.9
"""Below it, the route that comes next is named, too."""
ERROR_OF_COUNTING = 0.1
"""Requests, at each cut between two spells."""
Values = Sequence[float]


class Belongs(msgspec.Struct, frozen=True):
    """`share` of a statement's calls come from the route, so many `per_request`; `sure` is a probability, 0 to 1.

    `perhaps` is the route that would explain them nearly as well.
    """

    route: str
    per_request: float
    share: float
    sure: float
    perhaps: str = ""


class Spells:
    """The steady state, cut where the database was looked at, with the requests of every route in each spell."""

    def __init__(self, timeline: Timeline, times: Sequence[float]) -> None:
        begin, end = timeline.steady_from * timeline.interval, timeline.steady_to * timeline.interval
        taken = [p95 for p95 in timeline.everything.p95[timeline.steady_from : timeline.steady_to] if p95]
        wished = min(TIMES_AN_ANSWER * median(taken or [0.0]) / 1000, (end - begin) / (LEAST_SPELLS + 5))
        least = max(wished, timeline.interval, (end - begin) / MOST_SPELLS)
        self.cuts: list[float] = []
        for time in times:
            if begin <= time <= end and (not self.cuts or time - self.cuts[-1] >= least * 0.9):
                self.cuts.append(time)
        counts = {
            route: _increments(_summed(series.requests), timeline.interval, self.cuts)
            for route, series in timeline.endpoints.items()
        }
        routes = {route: values for route, values in counts.items() if any(values)}
        self.explained_by = Explained(routes, [after - before for before, after in pairwise(self.cuts)])

    @property
    def enough(self) -> bool:
        return len(self.cuts) > LEAST_SPELLS

    def calls(self, looks: Sequence[tuple[float, float]]) -> Values:
        """Of a statement, in each spell."""
        known = dict(looks)
        return [known.get(after, 0) - known.get(before, 0) for before, after in pairwise(self.cuts)]


class Explained:
    """`routes` are requests in each spell, `lengths` how long each spell was."""

    def __init__(self, routes: Mapping[str, Values], lengths: Values) -> None:
        self._columns: dict[str, Values] = dict(routes)
        if len(routes) > 1:
            self._columns[EVERY_ROUTE] = [sum(values) for values in zip(*routes.values(), strict=True)]
        self._columns[NO_ROUTE] = lengths
        names = list(self._columns)
        self._products = {(a, b): _dot(self._columns[a], self._columns[b]) for a in names for b in names}
        self._number = len(lengths)

    def belongs_to(self, calls: Values, *, used_up: bool = False) -> list[Belongs]:
        """The routes that a statement is called by, the largest share first; empty when none can be named.

        Of what is `used_up`, such as the time of a thread, there is as much in each spell: that it is even then does
        not mean that it has nothing to do with requests. How they share it still shows.
        """
        columns = [one for one in self._columns if not (used_up and one == NO_ROUTE)]
        fit = _Fit(self._columns, self._products, calls)
        if not fit.whole or not columns:
            return []
        taken, left = list[str](), fit.square
        price = math.log(max(self._number, 2)) + 2 * math.log(len(columns))
        while len(taken) < min(MOST_ROUTES, len(columns)):
            errors = {one: fit.error([*taken, one]) for one in columns if one not in taken}
            best = min(errors, key=lambda one: errors[one])
            if not math.isfinite(errors[best]) or self._number * math.log(left / errors[best]) < price:
                break
            taken, left = [*taken, best], errors[best]
        allowed = LEFT_OF_EVEN * fit.square if used_up else (1 - LEAST_EXPLAINED) * fit.spread
        if left > allowed + fit.floor:
            return []
        weights = dict(zip(taken, fit.weights(taken), strict=True))
        shares = {one: weights[one] * sum(self._columns[one]) / fit.whole for one in taken}
        named = sorted((one for one in taken if one != NO_ROUTE), key=lambda one: -shares[one])
        return [
            Belongs(one, weights[one], min(1.0, shares[one]), *self._sureness(fit, taken, one))
            for one in named
            if shares[one] >= LEAST_SHARE
        ]

    def _sureness(self, fit: "_Fit", taken: Sequence[str], route: str) -> tuple[float, str]:
        """And the route that comes next, when that is in doubt."""
        rest, own = [one for one in taken if one != route], fit.error(taken)
        odds = {
            one: (own / fit.error([*rest, one])) ** (self._number / 2)
            for one in self._columns
            if one not in taken and one != NO_ROUTE
        }
        sure = 1 / (1 + sum(odds.values()))
        return sure, max(odds, key=lambda one: odds[one]) if odds and sure < LIKELY else ""


class _Fit:
    """Least squares of the calls of one statement by some of the columns."""

    def __init__(self, columns: Mapping[str, Values], products: Mapping[tuple[str, str], float], calls: Values) -> None:
        self._columns, self._products = columns, products
        self.whole, self.square = sum(calls), _dot(calls, calls)
        mean = self.whole / max(len(calls), 1)
        self.spread = sum((value - mean) ** 2 for value in calls)
        self.floor = len(calls) * ERROR_OF_COUNTING**2
        self._towards = {name: _dot(column, calls) for name, column in columns.items()}

    def error(self, names: Sequence[str]) -> float:
        """What is left of the squares; infinite when a weight would not be positive."""
        weights = self.weights(names)
        if min(weights) <= 0:
            return math.inf
        left = self.square - sum(weight * self._towards[name] for weight, name in zip(weights, names, strict=True))
        return max(left, 0.0) + self.floor * max(1.0, *weights) ** 2

    def weights(self, names: Sequence[str]) -> list[float]:
        """By the normal equations; zeros when the columns are not independent."""
        size = len(names)
        rows = [[*(self._products[a, b] for b in names), self._towards[a]] for a in names]
        for at in range(size):
            pivot = max(range(at, size), key=lambda row: abs(rows[row][at]))
            rows[at], rows[pivot] = rows[pivot], rows[at]
            if abs(rows[at][at]) < 1e-9 * (1 + self._products[names[at], names[at]]):
                return [0.0] * size
            for row in range(size):
                if row != at:
                    factor = rows[row][at] / rows[at][at]
                    rows[row] = [value - factor * above for value, above in zip(rows[row], rows[at], strict=True)]
        return [rows[at][size] / rows[at][at] for at in range(size)]


def _increments(summed: Values, interval: int, cuts: Sequence[float]) -> Values:
    """Requests between the cuts; within an interval they are taken to be even."""

    def until(time: float) -> float:
        place = min(max(time / interval, 0.0), len(summed) - 1.0)
        low = int(place)
        high = min(low + 1, len(summed) - 1)
        return summed[low] + (summed[high] - summed[low]) * (place - low)

    return [until(after) - until(before) for before, after in pairwise(cuts)]


def _summed(counts: Sequence[int]) -> list[float]:
    summed = [0.0]
    for count in counts:
        summed.append(summed[-1] + count)
    return summed


def _dot(a: Values, b: Values) -> float:
    return sum(x * y for x, y in zip(a, b, strict=True))
