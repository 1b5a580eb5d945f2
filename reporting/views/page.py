"""report.html: one page that needs no network, for a screen, a phone, a printer, by day and by night."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reporting.metrics.measurements import Figures, Measured
from reporting.metrics.timeline import Timeline
from reporting.verdict import wording
from reporting.verdict.access_reasons import access_lines
from reporting.verdict.capacity_texts import step_text, what_limits
from reporting.verdict.causes import causes_of
from reporting.verdict.database_findings import route_text
from reporting.verdict.duet_texts import duet_lines
from reporting.verdict.integrity_reasons import integrity_lines
from reporting.verdict.model import Verdict
from reporting.verdict.one_sentence import answer
from reporting.verdict.ran_out import most_text
from reporting.verdict.remedies import remedies
from reporting.views.access_grid import access_grid
from reporting.views.charts import capacity_charts, charts_of, endpoint_charts, resource_charts
from reporting.views.duet_tables import HEAD as DUET_HEAD
from reporting.views.duet_tables import duet_cells, duet_parts

HERE = Path(__file__).resolve().parent
ENOUGH_SAMPLES = 20
"""Below it, the p95 of an endpoint is one of its slowest answers and no more."""
FILES = ("verdict.json", "verdict.md", "junit.xml", "history.json", "latency.hlog")


@dataclass(frozen=True)
class FiguresTable:
    """`counted` is what its rows count: requests, or how often a journey was made."""

    title: str
    counted: str
    rows: Sequence[tuple[str, Figures]]
    note: str = ""

    @property
    def anchor(self) -> str:
        return anchor(self.title)


def page(verdict: Verdict, timeline: Timeline) -> str:
    capacity = verdict.capacity
    return (
        templates()
        .get_template("report.html")
        .render(
            verdict=verdict,
            answer=answer(verdict),
            remedies=dict.fromkeys(verdict.reasons, "") | remedies(verdict),
            causes=causes_of(verdict.errors),
            slowest=_slowest(verdict),
            tables=_tables(verdict),
            charts=list(charts_of(timeline, verdict.budgets, verdict.incidents)),
            endpoint_charts=list(endpoint_charts(timeline)),
            resource_charts=list(resource_charts(timeline, verdict.incidents)),
            capacity_charts=list(capacity_charts(capacity)) if capacity and len(capacity.steps) > 1 else [],
            limits=what_limits(capacity) if capacity else "",
            step_text=step_text,
            access=access_grid(verdict.access) if verdict.access else None,
            access_lines=access_lines(verdict.access),
            integrity_lines=integrity_lines(verdict.integrity),
            duet_lines=duet_lines(verdict.duet),
            duet_parts=duet_parts(verdict.duet) if verdict.duet else [],
            duet_cells=duet_cells,
            duet_head=DUET_HEAD,
            files=FILES,
            css=_text("report.css"),
            script=_text("report.js"),
            words=wording,
            most_text=most_text,
            route_text=route_text,
            anchor=anchor,
        )
    )


def templates() -> Environment:
    """The page templates of this folder; whatever they show is escaped."""
    return Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def anchor(name: str) -> str:
    """What a link to a row, a table or a chart ends with: `get-api-patients-id`."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _text(name: str) -> Markup:
    return Markup((HERE / name).read_text(encoding="utf-8"))


def _by_time(verdict: Verdict) -> list[tuple[str, Figures]]:
    return sorted(_steady(verdict.endpoints.items()), key=lambda row: -(row[1].ok.p95 or 0))


def _slowest(verdict: Verdict) -> FiguresTable:
    many = [row for row in _by_time(verdict) if row[1].requests >= ENOUGH_SAMPLES]
    return FiguresTable("Endpoints, the slowest first", "requests", many)


def _rarest(verdict: Verdict) -> FiguresTable:
    """Apart from the others, since their percentiles say little."""
    few = [row for row in _by_time(verdict) if row[1].requests < ENOUGH_SAMPLES]
    note = f"Fewer than {ENOUGH_SAMPLES} requests each: their p95 and p99 are single answers."
    return FiguresTable("Endpoints with few requests", "requests", few, note)


def _tables(verdict: Verdict) -> list[FiguresTable]:
    everything = [("everything", verdict.everything.steady)]
    beside = [("ramp-up", verdict.everything.ramp), ("shutdown", verdict.everything.ending)]
    tables = [
        FiguresTable("Roles", "requests", [*everything, *_steady(verdict.roles.items())]),
        FiguresTable("Journeys", "done", _steady(verdict.journeys.items()), "Without their think time."),
        _rarest(verdict),
        FiguresTable("Beside the steady state", "requests", [*beside, ("sign-ins", verdict.sign_ins)]),
    ]
    return [table for table in tables if table.rows]


def _steady(measured: Iterable[tuple[str, Measured]]) -> list[tuple[str, Figures]]:
    return [(name, each.steady) for name, each in measured]
