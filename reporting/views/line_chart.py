"""A chart as plain SVG in the page's own colours, so that it follows light, dark and print."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

WIDTH, HEIGHT = 480, 280
TOP, RIGHT, BOTTOM = 12, 18, 34
CHARACTER = 7.4
"""How wide a character of a label is, about, in the chart's own units."""
HERE = Path(__file__).resolve().parent

Points = Sequence[tuple[float, float | None]]


@dataclass(frozen=True)
class Line:
    """`points` are drawn as a line with a gap where a value is None; with `dots`, each has a dot as well."""

    name: str
    points: Points
    dots: bool = False
    joined: bool = True

    @property
    def values(self) -> str:
        """Of all points, as the page's script reads them."""
        return "|".join("" if value is None else f"{value:.4g}" for _, value in self.points)


@dataclass(frozen=True)
class Tick:
    value: float
    label: str


@dataclass(frozen=True)
class Shade:
    """A part of the chart from `start` to `end`, such as the ramp; `key` is its class, and so its colour."""

    name: str
    start: float
    end: float
    key: str = "shade"


@dataclass(frozen=True)
class Band:
    """A curve and between which values it lies: at each place the least, the likeliest and the most."""

    name: str
    points: Sequence[tuple[float, float, float, float]]


@dataclass(frozen=True)
class Limit:
    """A value that is not to be passed, such as a budget."""

    name: str
    value: float


@dataclass(frozen=True)
class Bar:
    start: float
    end: float
    height: float
    told: str


@dataclass(frozen=True)
class LineChart:
    """Ticks hold the whole range of each axis, so that labels stand exactly where they say."""

    title: str
    across: Sequence[Tick]
    up: Sequence[Tick]
    lines: Sequence[Line] = ()
    shades: Sequence[Shade] = ()
    limits: Sequence[Limit] = ()
    bars: Sequence[Bar] = ()
    bands: Sequence[Band] = ()
    x_range: tuple[float, float] | None = None
    told_x: Sequence[str] = field(default=())
    """What each point of the lines is called on the first axis, for whoever points at it."""
    x_name: str = ""
    x_range_is_time: bool = False

    @property
    def svg(self) -> Markup:
        return Markup(re.sub(r"\n\s*", "\n", _template().render(chart=self, width=WIDTH, height=HEIGHT)))

    @cached_property
    def left(self) -> float:
        return 12 + CHARACTER * max(len(tick.label) for tick in self.up)

    @property
    def legend(self) -> list[tuple[str, str]]:
        """Name and class of whatever is drawn; where there is only one line, the title says it all."""
        named = [(line.name, f"line-{number}") for number, line in enumerate(self.lines, 1)]
        named = named if len(named) > 1 else []
        named += [(band.name, "band-1") for band in self.bands]
        named += dict.fromkeys((shade.name, shade.key) for shade in self.shades)
        return named + [(limit.name, "limit") for limit in self.limits]

    def x(self, value: float) -> float:
        least, most = self.x_range or (self.across[0].value, self.across[-1].value)
        return round(self.left + (value - least) / ((most - least) or 1) * (WIDTH - RIGHT - self.left), 1)

    def y(self, value: float) -> float:
        most = self.up[-1].value or 1
        return round(HEIGHT - BOTTOM - min(value / most, 1.0) * (HEIGHT - BOTTOM - TOP), 1)

    @property
    def bottom(self) -> float:
        return self.y(0)

    @property
    def right(self) -> float:
        return WIDTH - RIGHT

    def places(self, line: Line) -> str:
        """Where its points are on the first axis, as the page's script reads them."""
        return "|".join(str(self.x(place)) for place, _ in line.points)

    def path(self, line: Line) -> str:
        """The line as an SVG path; a lonely point gets a stroke that a round cap makes a dot."""
        parts, pen_is_down = [], False
        for value, height in line.points if line.joined else ():
            if height is None:
                pen_is_down = False
                continue
            parts.append(f"{'L' if pen_is_down else 'M'}{self.x(value)} {self.y(height)}")
            pen_is_down = True
        return "".join(parts)

    def outline(self, band: Band) -> str:
        """The band as a closed SVG path."""
        there = [f"{self.x(place)} {self.y(high)}" for place, _, _, high in band.points]
        back = [f"{self.x(place)} {self.y(low)}" for place, low, _, _ in reversed(band.points)]
        return f"M{'L'.join([*there, *back])}Z"

    def curve(self, band: Band) -> str:
        return f"M{'L'.join(f'{self.x(place)} {self.y(value)}' for place, _, value, _ in band.points)}"


@cache
def _template() -> Template:
    """Compiled for the first chart, not while a run starts."""
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("line_chart.svg")
