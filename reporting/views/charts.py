"""Which charts there are: of one run over its time, of a search for the limit, of one run after the other."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from reporting.metrics.resources import Resource
from reporting.metrics.timeline import Series, Timeline
from reporting.verdict.budgets import Judged
from reporting.verdict.incidents import Incident
from reporting.verdict.model import Capacity, Verdict
from reporting.views.axes import clock, clock_ticks, number, ticks
from reporting.views.line_chart import Band, Bar, Limit, Line, LineChart, Points, Shade, Tick

MAX_POINTS = 120
LEAST_SHUTDOWN = 3
"""Intervals that are shown after the load, or a tenth of its time: what comes later is the clean-up."""
PERCENTILES = ("p50", "p95", "p99")
DRAWN = ("p99", "p50", "p95")
"""The last is drawn above the others: most budgets are for it."""
LEAST_BAND = 0.006
"""Of the width of a chart."""
Values = Sequence[float | None]


def charts_of(
    timeline: Timeline, budgets: Iterable[Judged] = (), incidents: Iterable[Incident] = ()
) -> Iterator[LineChart]:
    """Everything that a run shows over its time, ramp, shutdown and incidents shaded; none of nothing but zeros."""
    for chart in _charts_of(timeline, budgets):
        yield _with_bands(chart, incidents) if chart.x_range_is_time else chart


def resource_charts(timeline: Timeline, incidents: Iterable[Incident] = ()) -> Iterator[LineChart]:
    """What was watched beside the load."""
    for resource in timeline.resources:
        values = {resource.name: _by_interval(resource, timeline)}
        for chart in _over_time(timeline, resource.name, values, resource.unit):
            yield _with_bands(chart, incidents)


def _with_bands(chart: LineChart, incidents: Iterable[Incident]) -> LineChart:
    bands = [Shade("incident", one.after, one.after + max(one.lasted, 1), "incident") for one in incidents]
    return replace(chart, shades=[*chart.shades, *_within(chart, bands)])


def _within(chart: LineChart, bands: Iterable[Shade]) -> Iterator[Shade]:
    """Drawn as wide as can be seen."""
    _, last = chart.x_range or (0, 0)
    for band in bands:
        if band.start < last:
            yield replace(band, end=min(last, max(band.end, band.start + last * LEAST_BAND)))


def _charts_of(timeline: Timeline, budgets: Iterable[Judged]) -> Iterator[LineChart]:
    interval, roles, everything = timeline.interval, timeline.roles, timeline.everything
    limits = {budget.metric: budget.limit for budget in budgets if budget.kind == "everything"}
    yield from _over_time(timeline, "Users", {"users": timeline.users}, "users")
    yield from _over_time(timeline, "Requests per second", _per_second(roles, "requests", interval), "/s")
    times = {share: getattr(everything, share) for share in DRAWN}
    kept = [Limit(f"budget of {share}", limits[share]) for share in PERCENTILES if share in limits]
    yield from _over_time(timeline, "Response times", times, "ms", kept)
    yield from _over_time(timeline, "p95 by role", {role: series.p95 for role, series in roles.items()}, "ms")
    yield from _over_time(timeline, "Failures per second", _per_second(roles, "failures", interval), "/s")
    yield from _distribution(timeline)
    yield from _time_against_rate(timeline)


def endpoint_charts(timeline: Timeline) -> Iterator[tuple[str, LineChart]]:
    """The response times of each endpoint."""
    for name, series in timeline.endpoints.items():
        times = {share: getattr(series, share) for share in DRAWN}
        for chart in _over_time(timeline, name, times, "ms"):
            yield name, chart


def capacity_charts(capacity: Capacity) -> Iterator[LineChart]:
    """What a search for the limit found: the rate and the p95 of each step, and where the limit lies."""
    steps = sorted(capacity.steps, key=lambda step: step.users)
    users = [step.users for step in steps]
    rates: dict[str, Values] = {"requests/s": [step.figures.rate for step in steps]}
    lies = _where_the_limit_lies(capacity)
    plain = _plain("Requests per second of each step", users, rates, "users")
    yield replace(_with_curve(plain, capacity), shades=lies)
    times = _plain("p95 of each step, ms", users, {"p95 ms": [step.figures.ok.p95 for step in steps]}, "users")
    yield replace(times, shades=lies)


def _where_the_limit_lies(capacity: Capacity) -> list[Shade]:
    found = capacity.interval
    if found is None or not capacity.first_to_break:
        return []
    most = max(step.users for step in capacity.steps)
    return [Shade("the limit, 95 %", found.low or 0, most if found.high is None else min(found.high, most))]


def _with_curve(chart: LineChart, capacity: Capacity) -> LineChart:
    """The steps as dots on the curve of the Universal Scalability Law, with its band."""
    law = capacity.scalability
    if law is None:
        return chart
    (steps,) = chart.lines
    band = Band("scalability law, 95 %", [(point.users, point.low, point.rate, point.high) for point in law.curve])
    up = _ticks(ticks(max(chart.up[-1].value, *(point.high for point in law.curve))))
    return replace(chart, lines=[replace(steps, joined=False)], bands=[band], up=up)


def trend_charts(verdicts: Sequence[Verdict]) -> Iterator[LineChart]:
    """How runs went, one after the other; the first has number 1."""
    steady = [verdict.everything.steady for verdict in verdicts]
    numbers = list(range(1, len(steady) + 1))
    times: dict[str, Values] = {share: [getattr(figures.ok, share) for figures in steady] for share in PERCENTILES}
    yield _plain("Response times, ms", numbers, times, "run", whole=True)
    rates: dict[str, Values] = {"rate": [figures.rate for figures in steady]}
    yield _plain("Requests per second", numbers, rates, "run", whole=True)
    failed: dict[str, Values] = {"failures": [figures.failure_ratio * 100 for figures in steady]}
    yield _plain("Failures, %", numbers, failed, "run", whole=True)


def _plain(
    title: str, places: Sequence[float], lines: Mapping[str, Values], x_name: str, *, whole: bool = False
) -> LineChart:
    """Values over numbers, each with a dot; with `whole`, half a step is left free at both ends."""
    last = places[-1]
    across = [tick for tick in ticks(last, least_step=1) if not whole or 0 < tick <= last]
    drawn = [Line(name, list(zip(places, values, strict=True)), dots=True) for name, values in lines.items()]
    return LineChart(
        title,
        _ticks(across),
        _ticks(ticks(_most(lines.values()))),
        drawn,
        x_range=(0.5, last + 0.5) if whole else None,
        told_x=[f"{x_name} {number(place)}" if whole else f"{number(place)} {x_name}" for place in places],
        x_name=x_name,
    )


def _over_time(
    timeline: Timeline, title: str, lines: Mapping[str, Values], unit: str, limits: Sequence[Limit] = ()
) -> Iterator[LineChart]:
    if not any(value for line in lines.values() for value in line):
        return
    end = timeline.steady_to + max(LEAST_SHUTDOWN, timeline.steady_to // 10)
    end = min(end, len(timeline.users) or end)
    drawn = {name: _thinned(line[:end], timeline.interval) for name, line in lines.items()}
    shown = [limit for limit in limits if limit.value <= 2 * _most(lines.values())]
    heights = ticks(_most([*lines.values(), [limit.value for limit in shown]]), least_step=1 if unit == "users" else 0)
    yield LineChart(
        title,
        _ticks(clock_ticks(end * timeline.interval), clock),
        _ticks(heights, lambda value: f"{number(value)} {unit}"),
        [Line(name, points) for name, points in drawn.items()],
        list(_phases(timeline, end)),
        shown,
        x_range=(0, end * timeline.interval),
        told_x=[clock(place) for place, _ in next(iter(drawn.values()))],
        x_range_is_time=True,
    )


def _phases(timeline: Timeline, end: int) -> Iterator[Shade]:
    interval = timeline.interval
    if ramp := min(timeline.steady_from, end) * interval:
        yield Shade("ramp-up, shutdown", 0, ramp)
    if timeline.steady_to < end:
        yield Shade("ramp-up, shutdown", timeline.steady_to * interval, end * interval)


def _distribution(timeline: Timeline) -> Iterator[LineChart]:
    """How many successful answers came within which time: a bar for each range."""
    if not timeline.distribution:
        return
    whole = sum(count for _, count in timeline.distribution)
    bars, below = [], 0.0
    for place, (bound, count) in enumerate(timeline.distribution):
        told = f"{number(below)} to {number(bound)} ms: {count:,} ({count / whole:.1%})"
        bars.append(Bar(place, place + 1, count / whole * 100, told))
        below = bound
    step = -(-len(bars) // 8)
    across = [Tick(place + 1, number(bound)) for place, (bound, _) in enumerate(timeline.distribution)][::step]
    yield LineChart(
        "Response times in the steady state, share of answers",
        across,
        _ticks(ticks(max(bar.height for bar in bars)), lambda value: f"{number(value)} %"),
        bars=bars,
        x_range=(0, len(bars)),
        x_name="ms",
    )


def _time_against_rate(timeline: Timeline) -> Iterator[LineChart]:
    """Each interval of the steady state is a dot: does it answer more slowly when more is asked?"""
    steady = slice(timeline.steady_from, timeline.steady_to)
    rates = [requests / timeline.interval for requests in timeline.everything.requests[steady]]
    points: Points = list(zip(rates, timeline.everything.p95[steady], strict=True))
    if len([value for _, value in points if value]) < 2:
        return
    yield LineChart(
        "p95 against requests per second",
        _ticks(ticks(max(rates) or 1)),
        _ticks(ticks(_most([[value for _, value in points]])), lambda value: f"{number(value)} ms"),
        [Line("p95", points, dots=True, joined=False)],
        told_x=[f"{number(rate)} requests/s" for rate in rates],
        x_name="requests/s",
    )


def _by_interval(resource: Resource, timeline: Timeline) -> Values:
    """The highest value of each interval."""
    found: dict[int, float] = {}
    for second, value in resource.points:
        place = second // timeline.interval
        found[place] = max(value, found.get(place, 0.0))
    return [found.get(place) for place in range(len(timeline.users))]


def _per_second(roles: Mapping[str, Series], what: str, interval: int) -> dict[str, Values]:
    return {role: [value / interval for value in getattr(series, what)] for role, series in roles.items()}


def _ticks(positions: Iterable[float], told: Callable[[float], str] = number) -> list[Tick]:
    return [Tick(position, told(position)) for position in positions]


def _most(lines: Iterable[Values]) -> float:
    return max((value for line in lines for value in line if value is not None), default=0) or 1


def _thinned(line: Values, interval: int) -> Points:
    """At most MAX_POINTS; of those in between, the highest stays."""
    stride = -(-len(line) // MAX_POINTS) or 1
    groups = [[value for value in line[at : at + stride] if value is not None] for at in range(0, len(line), stride)]
    return [((place + 0.5) * stride * interval, max(group) if group else None) for place, group in enumerate(groups)]
