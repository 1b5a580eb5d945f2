"""The charts: every label is round, and stands exactly where it says."""

import re
from xml.etree import ElementTree as xml

import pytest
from msgspec.structs import replace

from reporting.metrics.measurements import Figures, Interval, Times
from reporting.past_runs import read_run
from reporting.verdict.budgets import Judged
from reporting.verdict.model import Capacity, Step
from reporting.verdict.scalability import scalability
from reporting.views.axes import clock_ticks, ticks
from reporting.views.charts import capacity_charts, charts_of, endpoint_charts, trend_charts
from tests.written_runs import written_run


@pytest.fixture
def run(tmp_path):
    return read_run(written_run(tmp_path / "run"))


def axis(svg, name):
    """The labels of an axis as numbers, and where each is drawn."""
    across = "x" if name == "x" else "y"
    (found,) = [node for node in xml.fromstring(svg).iter() if node.get("class", "").split()[:2] == ["axis", name]]
    texts = [node for node in found.iter() if node.tag.endswith("text")]
    return [as_number(text.text) for text in texts], [float(text.get(across)) for text in texts]


def as_number(label):
    """`1:30` is ninety."""
    minutes, _, rest = re.match(r"[\d.,:]+", label)[0].replace(",", "").rpartition(":")
    return 60 * float(minutes or 0) + float(rest)


def stands_where_it_says(labels, places):
    assert len(labels) >= 2
    scale = (places[-1] - places[0]) / (labels[-1] - labels[0])
    assert places == pytest.approx([places[0] + scale * (label - labels[0]) for label in labels], abs=0.1)


@pytest.mark.parametrize("most", [1, 3, 10, 37, 1000])
def test_labels_of_users_stand_where_they_say(run, most):
    users = [most] * len(run.timeline.users)
    chart = next(charts_of(replace(run.timeline, users=users)))
    labels, places = axis(chart.svg, "y")
    stands_where_it_says(labels, places)
    assert all(label == int(label) for label in labels)
    assert labels[-1] >= most


def test_every_chart_over_time_has_round_labels(run):
    for chart in charts_of(run.timeline):
        for name in ("y",) if chart.bars else ("x", "y"):
            stands_where_it_says(*axis(chart.svg, name))


def test_a_search_shows_rate_and_p95_of_each_step():
    steps = [Step(users, Figures(100, 0, users * 0.61, Times(10, users * 13, 30)), True) for users in (30, 15, 45)]
    rates, times = capacity_charts(Capacity(45, 27.4, "", 15, steps))
    for chart in (rates, times):
        stands_where_it_says(*axis(chart.svg, "x"))
        stands_where_it_says(*axis(chart.svg, "y"))
        assert len(circles(chart)) == 3
    assert axis(times.svg, "y")[0] == [0, 200, 400, 600]
    assert list(times.told_x) == ["15 users", "30 users", "45 users"]


def test_a_search_shows_the_law_with_its_band_and_where_the_limit_lies():
    steps = [Step(users, Figures(100, 0, min(users, 50.0)), users < 60) for users in (15, 30, 45, 60, 75)]
    law = scalability([(step.users, step.figures.rate) for step in steps])
    rates, times = capacity_charts(Capacity(45, 31, "p95", 15, steps, interval=Interval(40, None), scalability=law))
    assert [name for name, _ in rates.legend] == ["scalability law, 95 %", "the limit, 95 %"]
    assert [name for name, _ in times.legend] == ["the limit, 95 %"]
    assert (times.shades[0].start, times.shades[0].end) == (40, 75)
    classes = [node.get("class") for node in xml.fromstring(rates.svg).iter()]
    assert {"band-1 spread", "band-1 line"} <= set(classes)
    assert len(circles(rates)) == 5
    assert rates.up[-1].value >= max(point.high for point in law.curve)


def circles(chart):
    return [node for node in xml.fromstring(chart.svg).iter() if node.tag.endswith("circle")]


def test_nothing_but_zeros_is_no_chart(run):
    titles = [chart.title for chart in charts_of(run.timeline)]
    assert "Response times" in titles
    assert "Failures per second" not in titles


def test_a_budget_is_a_line_where_it_says_unless_it_is_far_away(run):
    near, far = (Judged("everything", "", "p95", limit, 50, ok=True) for limit in (120, 100_000))
    (chart,) = [chart for chart in charts_of(run.timeline, [near]) if chart.title == "Response times"]
    labels, places = axis(chart.svg, "y")
    (line,) = [node for node in xml.fromstring(chart.svg).iter() if node.get("class") == "limit"]
    drawn = float(re.match(r"M[\d.]+ ([\d.]+)H", line.get("d"))[1])
    scale = (places[-1] - places[0]) / (labels[-1] - labels[0])
    assert drawn == pytest.approx(places[0] + scale * 120, abs=0.2)
    assert ("budget of p95", "limit") in chart.legend
    (chart,) = [chart for chart in charts_of(run.timeline, [far]) if chart.title == "Response times"]
    assert chart.limits == []


def test_the_distribution_holds_every_answer_once(run):
    counts = [count for _, count in run.timeline.distribution]
    assert sum(counts) == run.verdict.everything.steady.requests > 0
    (chart,) = [chart for chart in charts_of(run.timeline) if chart.title.startswith("Response times in")]
    assert sum(bar.height for bar in chart.bars) == pytest.approx(100)


def test_a_line_has_a_gap_where_nothing_was_measured(run):
    p95 = [10, 20, None, 30, None, None, *run.timeline.everything.p95[6:]]
    timeline = replace(run.timeline, everything=replace(run.timeline.everything, p95=p95))
    (chart,) = [chart for chart in charts_of(timeline) if chart.title == "Response times"]
    (line,) = [line for line in chart.lines if line.name == "p95"]
    assert chart.path(line).count("M") == 3
    drawn = next(part for part in xml.fromstring(chart.svg).iter("g") if part.get("data-name") == "p95")
    values, places = drawn.get("data-values").split("|"), drawn.get("data-places").split("|")
    assert values[:6] == ["10", "20", "", "30", "", ""], "what whoever points at the line is told"
    assert list(map(float, places)) == [chart.x(place) for place, _ in line.points]


def test_every_endpoint_has_a_chart_of_its_own(run):
    assert [name for name, _ in endpoint_charts(run.timeline)] == list(run.timeline.endpoints)


def test_runs_are_numbered_by_whole_numbers(run):
    chart = next(trend_charts([run.verdict] * 3))
    labels, places = axis(chart.svg, "x")
    stands_where_it_says(labels, places)
    assert labels == [1, 2, 3]


@pytest.mark.parametrize(
    ("top", "steps"),
    [
        (10, [0, 2, 4, 6, 8, 10]),
        (1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (0.03, [0, 0.01, 0.02, 0.03]),
        (1060, [0, 500, 1000, 1500]),
    ],
)
def test_ticks_are_round(top, steps):
    assert ticks(top) == pytest.approx(steps)


def test_a_clock_is_divided_as_clocks_are():
    assert clock_ticks(40) == [0, 10, 20, 30, 40]
    assert clock_ticks(4 * 3600) == [0, 3600, 7200, 10800, 14400]
    assert clock_ticks(0) == [0]
