"""The charts of the report: plain SVG with the page's own colours, so that they follow light, dark and print."""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pygal  # type: ignore[import-untyped]
from pygal.style import Style  # type: ignore[import-untyped]

from reporting.timeline import Series, Timeline
from reporting.verdict import Capacity, Step, Verdict

# pygal hooks into Python's imports for plugins that are not used here; the hook is of an old kind and draws warnings.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]

WIDTH, HEIGHT = 480, 280
MOST_POINTS = 120
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
    """What a search for the limit met with: the rate and the p95 of each step."""
    steps = sorted(capacity.steps, key=lambda step: step.users)
    chart = _chart([], value_formatter=lambda value: f"{value:,.3g}")
    chart.range = (0, max(step.figures.rate for step in steps) or 1)
    chart.secondary_range = (0, max(step.figures.ok.p95 or 0 for step in steps) or 1)
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
    chart = _chart([], x_value_formatter=lambda number: f"{number:g}")
    runs = max(len(line) for line in lines.values())
    chart.xrange = (0.5, runs + 0.5)
    chart.range = (0, max((value for line in lines.values() for value in line if value), default=1))
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
    top = max((value for line in shown.values() for value in line if value is not None), default=0) or 1
    chart = _chart([SHADE], x_value_formatter=_clock, value_formatter=lambda value: f"{value:,.4g} {unit}")
    chart.range, chart.xrange = (0, top), (0, end * timeline.interval)
    if ramp := min(timeline.steady_from, end) * timeline.interval:
        corners = [(0, 0), (0, top), (ramp, top), (ramp, 0)]
        chart.add("ramp", corners, fill=True, show_dots=False, stroke_style={"width": 0})
    else:
        chart.add("ramp", [])
    for name, line in shown.items():
        chart.add(name, _points(line, timeline.interval), show_dots=False)
    return Chart(title, _svg(chart), _legend(chart))


def _legend(chart: Any) -> list[tuple[str, str]]:
    """Name and colour of each line; where there is only one, the title says it all."""
    named = [options["title"] for _, options in chart.raw_series]
    shaded = named[0] == "ramp"
    if shaded and len(named) == 2:
        return []
    return list(zip(named, (SHADE, *COLOURS) if shaded else COLOURS, strict=False))


def _points(line: Sequence[float | None], interval: int) -> Points:
    """At most MOST_POINTS; of those in between, the highest stays."""
    stride = -(-len(line) // MOST_POINTS) or 1
    groups = [[value for value in line[at : at + stride] if value is not None] for at in range(0, len(line), stride)]
    return [((number + 0.5) * stride * interval, max(group) if group else None) for number, group in enumerate(groups)]


def _chart(before: Iterable[str], **options: Any) -> Any:
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
        x_labels_major_count=5,
        show_minor_x_labels=False,
        y_labels_major_count=4,
        show_minor_y_labels=False,
        **options,
    )


def _svg(chart: Any) -> str:
    text = chart.render(is_unicode=True, disable_xml_declaration=True)
    return re.sub(r"<script.*?</script>|<!--.*?-->", "", text, flags=re.DOTALL)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
