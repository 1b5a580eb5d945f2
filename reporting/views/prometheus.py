"""/metrics on the web port: the figures of the running test for Prometheus, per role and endpoint."""

from locust.web import WebUI

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_1_0_0
from prometheus_client.registry import Collector

from reporting.metrics.histogram import Histogram
from reporting.metrics.journey_event import JOURNEY
from reporting.metrics.recorder import Row
from reporting.metrics.row_kinds import is_request
from reporting.metrics.store import STEADY
from reporting.verdict.budgets import judged_so_far
from reporting.views.watched_run import WatchedRun

BOUNDS_MS = (5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000)
LABELS = ("role", "method", "endpoint")


class StoreCollector(Collector):
    """Reads the store whenever Prometheus asks; nothing is counted twice."""

    def __init__(self, monitor: WatchedRun) -> None:
        self._monitor = monitor

    def collect(self) -> Iterator[Metric]:
        rows: dict[Row, Histogram] = {}
        for row, histogram in self._monitor.store.rows():
            rows.setdefault(row, Histogram()).add(histogram)
        requests = {row: histogram for row, histogram in rows.items() if is_request(row)}
        journeys = {(row[0], row[2]): histogram for row, histogram in rows.items() if row[1] == JOURNEY}
        yield from _counts("cms_requests", "Requests sent", LABELS, requests)
        yield _times("cms_answer_seconds", "How long successful answers took", LABELS, requests)
        yield from _counts("cms_journeys", "Journeys made", ("role", "journey"), journeys)
        yield _times("cms_journey_seconds", "How long successful journeys took", ("role", "journey"), journeys)
        yield self._users()
        yield self._budgets()

    def _users(self) -> Metric:
        runner = self._monitor.environment.runner
        return GaugeMetricFamily("cms_users", "Simulated users", value=runner.user_count if runner else 0)

    def _budgets(self) -> Metric:
        kept = GaugeMetricFamily(
            "cms_budget_kept", "1 while the budget is kept, once it is measured", labels=("subject", "metric")
        )
        for budget in judged_so_far(self._monitor.standing(), self._monitor.store.seconds(STEADY)):
            kept.add_metric((budget.name or budget.kind, budget.metric), float(budget.ok))
        return kept


def add_metrics(web_ui: WebUI, monitor: WatchedRun) -> None:
    registry = CollectorRegistry()
    registry.register(StoreCollector(monitor))
    assert web_ui.app is not None
    base = web_ui.environment.parsed_options.web_base_path if web_ui.environment.parsed_options else ""

    def metrics() -> Response:
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_1_0_0)

    view = web_ui.auth_required_if_enabled(metrics)
    web_ui.app.add_url_rule(f"{base or ''}/metrics", view_func=view)


def _counts(name: str, told: str, labels: tuple[str, ...], rows: Mapping[Any, Histogram]) -> Iterator[Metric]:
    sent = CounterMetricFamily(f"{name}", told, labels=labels)
    failed = CounterMetricFamily(f"{name}_failed", f"{told} that failed", labels=labels)
    for row, histogram in rows.items():
        sent.add_metric(row, histogram.requests)
        failed.add_metric(row, histogram.failures)
    yield from (sent, failed)


def _times(name: str, told: str, labels: tuple[str, ...], rows: Mapping[Any, Histogram]) -> Metric:
    times = HistogramMetricFamily(name, told, labels=labels)
    for row, histogram in rows.items():
        buckets = [(str(bound / 1000), _within(histogram, bound)) for bound in BOUNDS_MS]
        seconds = sum(taken * count for taken, count in histogram.ok.items()) / 1e6
        times.add_metric(row, [*buckets, ("+Inf", histogram.requests - histogram.failures)], sum_value=seconds)
    return times


def _within(histogram: Histogram, bound: int) -> int:
    """How many successful answers took at most `bound` ms."""
    return sum(count for taken, count in histogram.ok.items() if taken <= bound * 1000)
