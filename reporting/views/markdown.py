"""verdict.md: what one would paste into a pull request."""

import re
from collections.abc import Iterable, Iterator

from access.findings import AccessReport
from integrity.breaches import IntegrityReport
from reporting.metrics.measurements import Figures
from reporting.verdict.budgets import Judged
from reporting.verdict.model import Verdict
from reporting.verdict.remedies import remedies
from reporting.verdict.routes import WORKS
from reporting.verdict.wording import (
    MARKS,
    count,
    doubt_text,
    interval_text,
    limit_text,
    ms,
    notes_of,
    rate,
    ratio,
    title,
    unit_text,
    value_text,
)
from reporting.views.access_grid import access_grid
from reporting.views.duet_tables import HEAD as DUET_HEAD
from reporting.views.duet_tables import chosen, duet_cells
from reporting.views.integrity_tables import HEAD as INVARIANT_HEAD
from reporting.views.integrity_tables import REQUEST_HEAD, invariant_rows, request_rows

SIGNS = re.compile(r"[\\`*\[\]~]|(?<!\w)_|_(?!\w)|^[-+>#]")
"""What Markdown obeys in a text, besides what `_escaped` sees to."""
FIGURES = ("req/s", "failed", "p50", "p95", "p99")


def markdown(verdict: Verdict) -> str:
    return "\n".join(_lines(verdict)) + "\n"


def _lines(verdict: Verdict) -> Iterator[str]:
    yield f"# {MARKS[verdict.verdict]} {title(verdict)}"
    yield ""
    if verdict.reasons:
        steps = remedies(verdict)
        for reason in verdict.reasons:
            yield f"- {_escaped(_quoted(reason))}" + (f" (to do: {_escaped(steps[reason])})" if reason in steps else "")
        yield ""
    yield from (*_facts(verdict), "")
    if beside := notes_of(verdict):
        yield from (*(f"- {_escaped(_quoted(line))}" for line in beside), "")
    if verdict.access is not None:
        yield from _access(verdict.access)
    if verdict.integrity is not None:
        yield from _integrity(verdict.integrity)
    if verdict.duet is not None:
        rows_of_duet = (map(_quoted, duet_cells(row)) for row in chosen(verdict.duet))
        yield from _table(("new beside old, ms", *DUET_HEAD[1:]), rows_of_duet)
    if verdict.budgets:
        yield from _table(("budget", "limit", "measured", ""), map(_budget, verdict.budgets))
    rows = [("everything", verdict.everything.steady)]
    rows += [(name, role.steady) for name, role in verdict.roles.items()]
    rows += [("ramp-up", verdict.everything.ramp), ("sign-ins", verdict.sign_ins)]
    yield from _table(("", "requests", *FIGURES), ((name, *_cells(figures)) for name, figures in rows))
    if verdict.journeys:
        done = ((name, *_cells(journey.steady)) for name, journey in verdict.journeys.items())
        yield from _table(("journey", "done", *FIGURES), done)
    if verdict.errors:
        cells = ((str(error.count), error.fault, _quoted(error.row), _quoted(error.error)) for error in verdict.errors)
        yield from _table(("times", "whose", "row", "failure"), cells)
    others = [route for route in verdict.routes if route.state != WORKS]
    if others:
        yield from _table(
            ("route", "state", "why"), ((route.route, route.state, _quoted(route.why)) for route in others)
        )


def _access(report: AccessReport) -> Iterator[str]:
    grid = access_grid(report)
    rows = ((resource, *(cell.text for cell in cells)) for resource, cells in grid.rows)
    yield from _table(("access", *grid.roles), rows)
    if report.findings:
        cells = (
            (finding.outcome, _quoted(finding.cell), finding.owasp, _quoted(finding.what), _quoted(finding.curl))
            for finding in report.findings
        )
        yield from _table(("access", "cell", "OWASP", "answer", "to try it"), cells)


def _integrity(report: IntegrityReport) -> Iterator[str]:
    yield from _table(INVARIANT_HEAD, invariant_rows(report))
    for breach in report.breaches:
        yield f"{_escaped(_quoted(f'{breach.invariant}: {breach.what}'))} (at {breach.at}; {', '.join(breach.records)})"
        yield ""
        yield f"Again: {_escaped(_quoted(breach.again))}"
        yield ""
        yield from _table(REQUEST_HEAD, (map(_quoted, row) for row in request_rows(breach)))


def _facts(verdict: Verdict) -> Iterator[str]:
    where = "the embedded sandbox" if verdict.sandbox else verdict.host
    users = f"{verdict.users.reached} of {verdict.users.asked} users"
    yield f"{users} on {where}, {verdict.seconds.ramp} s of ramp and {verdict.seconds.steady} s of steady state;"
    yield f"started {verdict.started}, seed `{verdict.seed}`, run tag `{verdict.run_tag}`,"
    yield f"suite `{verdict.environment.suite}`, Locust {verdict.environment.locust}."


def _budget(budget: Judged) -> tuple[str, str, str, str]:
    sure = f" (95 %: {interval_text(budget)})" if budget.interval else ""
    state = "ok" if budget.ok else "**broken**"
    return str(budget), limit_text(budget), f"{value_text(budget)}{unit_text(budget)}{sure}", state + doubt_text(budget)


def _cells(figures: Figures) -> tuple[str, ...]:
    times = (figures.ok.p50, figures.ok.p95, figures.ok.p99)
    return count(figures.requests), rate(figures), ratio(figures), *map(ms, times)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    head = list(head)
    yield _row(head)
    yield _row(["---"] * len(head))
    yield from map(_row, rows)
    yield ""


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(_escaped(cell) for cell in cells) + " |"


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def _quoted(text: str) -> str:
    """A text that may be the API's: shown as it is, links and pictures, too."""
    return SIGNS.sub(r"\\\g<0>", text.replace("&", "&amp;"))
