"""Tabs in Locust's web UI, live and merged over workers: Roles, Budgets, and Access and Integrity where asked for."""

from locust.web import WebUI

import json
from collections.abc import Iterator
from typing import Any

from flask import Response, request

from access.audit_state import audit_state
from access.findings import AccessReport
from config.options import options_of
from integrity.breaches import IntegrityReport
from integrity.integrity_state import integrity_state
from reporting.metrics.figures import figures_of, sign_in_figures
from reporting.metrics.measurements import Figures
from reporting.metrics.store import RAMP, STEADY
from reporting.metrics.subjects import ALL, ROLE, Subject, rows_of, subjects_in
from reporting.verdict.wording import limit_text, ms, percent, unit_text, value_text
from reporting.views.watched_run import WatchedRun
from users.run_context import run_context

FIGURES = "/stats/requests"
NO_TEST_YET = "no test yet"
Columns = tuple[tuple[str, str], ...]
# Locust's table sorts by a column `name` until somebody clicks; without one our order stays.
ROLES: Columns = (
    ("role", "Role"),
    ("requests", "# requests"),
    ("rate", "req/s"),
    ("failed", "# failed"),
    ("failed_share", "failed"),
    ("p50", "p50 (ms)"),
    ("p95", "p95 (ms)"),
    ("p99", "p99 (ms)"),
)
BUDGETS: Columns = (
    ("budget", "Budget"),
    ("limit", "Limit"),
    ("measured", "Measured"),
    ("used", "Used"),
    ("state", "State"),
)


ACCESS: Columns = (
    ("who", "Who"),
    ("resource", "Resource"),
    ("allowed", "Allowed"),
    ("refused", "Refused"),
    ("leaks", "LEAKS"),
    ("wrongly_refused", "Wrongly refused"),
    ("undecided", "Undecided"),
)


INTEGRITY: Columns = (
    ("invariant", "Invariant"),
    ("kept", "Kept"),
    ("broken", "BROKEN"),
    ("undecided", "Undecided"),
    ("latest", "What did not hold"),
)


def add_tabs(web_ui: WebUI, monitor: WatchedRun) -> None:
    """The page asks for its figures every two seconds; ours travel along."""
    tabs = {"roles": ("Roles", ROLES), "budgets": ("Budgets", BUDGETS)}
    if options_of(monitor.environment).access_audit:
        tabs["access"] = ("Access", ACCESS)
    if options_of(monitor.environment).integrity:
        tabs["integrity"] = ("Integrity", INTEGRITY)
    web_ui.template_args |= {
        "extended_tabs": [{"title": title, "key": key} for key, (title, _) in tabs.items()],
        "extended_tables": [{"key": key, "structure": _structure(columns)} for key, (_, columns) in tabs.items()],
    }
    assert web_ui.app is not None

    @web_ui.app.after_request
    def add_our_figures(response: Response) -> Response:
        if request.path.endswith(FIGURES) and response.is_json:
            told = json.loads(response.get_data())
            told["extended_stats"] = [
                {"key": "roles", "data": list(role_rows(monitor))},
                {"key": "budgets", "data": list(budget_rows(monitor))},
                {"key": "access", "data": list(access_rows(audit_state(run_context(monitor.environment)).report()))},
            ]
            report = integrity_state(run_context(monitor.environment)).report()
            told["extended_stats"].append({"key": "integrity", "data": list(integrity_rows(report))})
            response.set_data(json.dumps(told))
        return response


def role_rows(monitor: WatchedRun) -> Iterator[dict[str, Any]]:
    """The steady state of each role, or its ramp as long as there is nothing else; then what it cost to sign in."""
    store = monitor.store
    if not store.requests:
        yield {"role": NO_TEST_YET}
        return
    phase = RAMP if store.steady_from is None else STEADY
    seconds = store.seconds(phase)
    roles = [subject for subject in subjects_in(store) if subject[0] == ROLE]
    shown: list[Subject] = [*roles, ALL]
    for subject in shown:
        figures = figures_of(store.histogram(rows_of(subject), phase), seconds)
        yield _role_row(subject[1] or "everything", figures)
    yield _role_row("sign-ins", sign_in_figures(store))


def budget_rows(monitor: WatchedRun) -> Iterator[dict[str, Any]]:
    if not monitor.store.requests:
        yield {"budget": NO_TEST_YET}
        return
    for budget in monitor.standing():
        state = "no data" if budget.value is None else "kept" if budget.ok else "BROKEN"
        yield {
            "budget": str(budget),
            "limit": limit_text(budget),
            "measured": value_text(budget) + unit_text(budget),
            "used": "-" if budget.value is None or budget.strain > 99 else percent(budget.strain),
            "state": state,
        }


def access_rows(report: AccessReport | None) -> Iterator[dict[str, Any]]:
    """The matrix as far as it was asked; what leaks comes first."""
    for row in sorted(report.matrix if report else [], key=lambda row: -(row.leaks + row.wrongly_refused)):
        yield {"who": row.role, **{key: getattr(row, key) for key, _ in ACCESS[1:]}}


def integrity_rows(report: IntegrityReport | None) -> Iterator[dict[str, Any]]:
    """The invariants as far as they were looked at; what is broken comes first, with the last breach."""
    latest = {breach.invariant: breach.what for breach in report.breaches} if report else {}
    for row in sorted(report.rows if report else [], key=lambda row: -row.broken):
        figures = {key: getattr(row, key) for key, _ in INTEGRITY[:-1]}
        yield {**figures, "latest": latest.get(row.invariant, "-")}


def _role_row(name: str, figures: Figures) -> dict[str, Any]:
    return {
        "role": name,
        "requests": figures.requests,
        "rate": figures.rate,
        "failed": figures.failures,
        "failed_share": percent(figures.failure_ratio),
        "p50": ms(figures.ok.p50),
        "p95": ms(figures.ok.p95),
        "p99": ms(figures.ok.p99),
    }


def _structure(columns: Columns) -> list[dict[str, str]]:
    return [{"key": key, "title": title} for key, title in columns]
