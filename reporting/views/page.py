"""report.html: one page that needs no network, for a screen, a phone, a printer, by day and by night."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reporting.metrics.measurements import Figures
from reporting.metrics.timeline import Timeline
from reporting.verdict import wording
from reporting.verdict.model import Verdict
from reporting.views.charts import capacity_chart, charts_of

HERE = Path(__file__).resolve().parent


def page(verdict: Verdict, timeline: Timeline) -> str:
    capacity = verdict.capacity
    template = templates().get_template("report.html")
    return template.render(
        verdict=verdict,
        tables=_tables(verdict),
        charts=list(charts_of(timeline)),
        capacity_chart=capacity_chart(capacity) if capacity and len(capacity.steps) > 1 else None,
        css=Markup((HERE / "report.css").read_text(encoding="utf-8")),
        words=wording,
    )


def templates() -> Environment:
    """The page templates of this folder; whatever they show is escaped."""
    return Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def _tables(verdict: Verdict) -> list[tuple[str, str, list[tuple[str, Figures]]]]:
    """The tables of figures: their title, what they count, and name and figures of each row."""
    roles = [("everything", verdict.everything.steady)]
    roles += [(name, measured.steady) for name, measured in verdict.roles.items()]
    beside = [("ramp-up", verdict.everything.ramp), ("shutdown", verdict.everything.ending)]
    beside += [("sign-ins", verdict.sign_ins)]
    journeys = [(name, measured.steady) for name, measured in verdict.journeys.items()]
    slowest = sorted(verdict.endpoints.items(), key=lambda item: -(item[1].steady.ok.p95 or 0))
    endpoints = [(name, measured.steady) for name, measured in slowest]
    tables = [
        ("Roles", "requests", roles),
        ("Beside the steady state", "requests", beside),
        ("Journeys", "done", journeys),
        ("Endpoints", "requests", endpoints),
    ]
    return [table for table in tables if table[2]]
