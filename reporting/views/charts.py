"""The charts of the report: plain SVG with the page's own colours, so that they follow light, dark and print."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pygal
from pygal.style import Style

from reporting.metrics.timeline import Series, Timeline
from reporting.verdict.model import Capacity, Step, Verdict
from reporting.views.axes import clock, clock_ticks, labels, number, round_step, ticks

# pygal hooks into Python's imports for plugins that are not used here; the hook is of an old kind and draws warnings.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]

WIDTH, HEIGHT = 480, 280
MAX_POINTS = 120
COLOURS = tuple(f"var(--line-{number})" for number in range(1, 6))
SHADE = "var(--shade)"

Points = list[tuple[float, float | None]]


@dataclass(frozen=True)
class Chart:
    """`legend` names each line and its colour."""

    title: str
    svg: str
    legend: Sequence[tuple[str, str]] = ()


def charts_of(timeline: Timeline) -> Iterator[Chart]:
    """Everything that a run shows over its time, the ramp shaded."""
    interval, roles = timeline.interval, timeline.roles
    everything = timeline.everything
    shares = {"p50": everything.p50, "p95": everything.p95, "p99": everything.p99}
    yield _over_time(timeline, "Users", {"users": timeline.users}, "users")
    yield _over_time(timeline, "Requests per second", _per_second(roles, "requests", interval), "/s")
    yield _over_time(timeline, "Answer times", shares, "ms")
    yield _over_time(timeline, "p95 by role", {role: series.p95 for role, series in roles.items()}, "ms")
    yield _over_time(timeline, "Failures per second", _per_second(roles, "failures", interval), "/s")


def capacity_chart(capacity: Capacity) -> Chart:
    """What a search for the limit found: the rate and the p95 of each step."""
    steps = sorted(capacity.steps, key=lambda step: step.users)
    chart = _chart([])
    rates = ticks(max(step.figures.rate for step in steps) or 1)
    _scale(chart, ticks(steps[-1].users, least_step=1), rates)
    slowest = max(step.figures.ok.p95 or 0 for step in steps) or 1
    # Both sides share the lines, so the right one has as many steps as the left, and round ones, too.
    chart.secondary_range = (0, round_step(slowest / (len(rates) - 1)) * (len(rates) - 1))
    for name, values in _curve(steps).items():
        chart.add(name, values, secondary=name == "p95 ms", show_dots=True)
    return Chart("Every step that was tried: its rate on the left, its p95 on the right", _svg(chart), _legend(chart))


def trend_charts(verdicts: Sequence[Verdict]) -> Iterator[Chart]:
    """How runs went, one after the other; the first has number 1."""
    steady = [verdict.everything.steady for verdict in verdicts]
    times = {share: [getattr(figures.ok, share) for figures in steady] for share in ("p50", "p95", "p99")}
    yield _over_runs("Answer times, ms", times)
    yield _over_runs("Requests per second", {"rate": [figures.rate for figures in steady]})
    yield _over_runs("Failures, %", {"failures": [figures.failure_ratio * 100 for figures in steady]})


def _over_runs(title: str, lines: Mapping[str, Sequence[float | None]]) -> Chart:
    chart = _chart([])
    runs = max(len(line) for line in lines.values())
    numbers = [tick for tick in ticks(runs, least_step=1) if 0 < tick <= runs]
    _scale(chart, numbers, ticks(max((value for line in lines.values() for value in line if value), default=1)))
    chart.xrange = (0.5, runs + 0.5)
    for name, line in lines.items():
        chart.add(name, list(enumerate(line, 1)), show_dots=True)
    return Chart(title, _svg(chart), _legend(chart) if len(lines) > 1 else ())


def _curve(steps: Sequence[Step]) -> dict[str, Points]:
    rates: Points = [(step.users, step.figures.rate) for step in steps]
    return {"requests/s": rates, "p95 ms": [(step.users, step.figures.ok.p95) for step in steps]}


def _per_second(roles: Mapping[str, Series], what: str, interval: int) -> dict[str, list[float]]:
    return {role: [value / interval for value in getattr(series, what)] for role, series in roles.items()}


def _over_time(timeline: Timeline, title: str, lines: Mapping[str, Sequence[float | None]], unit: str) -> Chart:
    end = timeline.steady_to + 1
    shown = {name: line[:end] for name, line in lines.items()}
    most = max((value for line in shown.values() for value in line if value is not None), default=0) or 1
    heights = ticks(most, least_step=1 if unit == "users" else 0)
    top = heights[-1]
    chart = _chart([SHADE])
    _scale(chart, clock_ticks(end * timeline.interval), heights, clock, lambda value: f"{number(value)} {unit}")
    chart.xrange = (0, end * timeline.interval)
    if ramp := min(timeline.steady_from, end) * timeline.interval:
        corners = [(0, 0), (0, top), (ramp, top), (ramp, 0)]
        chart.add("ramp", corners, fill=True, show_dots=False, stroke_style={"width": 0})
    else:
        chart.add("ramp", [])
    for name, line in shown.items():
        chart.add(name, _points(line, timeline.interval), show_dots=False)
    return Chart(title, _svg(chart), _legend(chart))


def _scale(
    chart: Any,
    across: Sequence[float],
    up: Sequence[float],
    told_across: Callable[[float], str] = number,
    told_up: Callable[[float], str] = number,
) -> None:
    """Draws these ticks, and none of pygal's own: those are at odds with its labels."""
    chart.x_labels, chart.y_labels = labels(across, told_across), labels(up, told_up)
    chart.xrange, chart.range = (across[0], across[-1]), (up[0], up[-1])


def _legend(chart: Any) -> list[tuple[str, str]]:
    """Name and colour of each line; where there is only one, the title says it all."""
    named = [options["title"] for _, options in chart.raw_series]
    shaded = named[0] == "ramp"
    if shaded and len(named) == 2:
        return []
    return list(zip(named, (SHADE, *COLOURS) if shaded else COLOURS, strict=False))


def _points(line: Sequence[float | None], interval: int) -> Points:
    """At most MAX_POINTS; of those in between, the highest stays."""
    stride = -(-len(line) // MAX_POINTS) or 1
    groups = [[value for value in line[at : at + stride] if value is not None] for at in range(0, len(line), stride)]
    return [((number + 0.5) * stride * interval, max(group) if group else None) for number, group in enumerate(groups)]


def _chart(before: Iterable[str]) -> Any:
    style = Style(
        background="transparent",
        plot_background="transparent",
        foreground="var(--ink)",
        foreground_strong="var(--ink)",
        foreground_subtle="var(--faint)",
        guide_stroke_color="var(--rule)",
        major_guide_stroke_color="var(--rule)",
        colors=(*before, *COLOURS),
        font_family="inherit",
        label_font_size=13,
        major_label_font_size=13,
        opacity=".25",
        stroke_opacity="1",
        stroke_width="2",
        transition="0s",
    )
    return pygal.XY(
        width=WIDTH,
        height=HEIGHT,
        style=style,
        js=[],
        show_legend=False,
        margin=6,
        margin_right=22,
        show_x_guides=False,
        allow_interruptions=True,
        no_prefix=False,
        truncate_label=-1,
        value_formatter=number,
    )


def _svg(chart: Any) -> str:
    text = chart.render(is_unicode=True, disable_xml_declaration=True)
    return re.sub(r"<script.*?</script>|<!--.*?-->", "", text, flags=re.DOTALL)
