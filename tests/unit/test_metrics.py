"""/metrics: the histogram of answer times is in seconds, and counts successful answers only."""

from types import SimpleNamespace

import pytest
from prometheus_client import CollectorRegistry

from reporting.metrics.store import MetricsStore
from reporting.views.prometheus import StoreCollector

LABELS = {"role": "admin", "method": "GET", "endpoint": "/"}


@pytest.fixture
def sample():
    """`sample(name, **labels)`: a figure of a store with two answers in 500 ms and one failure in 9 ms."""
    store = MetricsStore()
    store.add([[0, "admin", "GET", "/", [500_000, 2], [9000, 1]]])
    registry = CollectorRegistry()
    environment = SimpleNamespace(runner=None)
    registry.register(StoreCollector(SimpleNamespace(store=store, standing=lambda: [], environment=environment)))
    return lambda name, **labels: registry.get_sample_value(name, LABELS | labels)


def test_answer_times_are_in_seconds(sample):
    assert sample("cms_answer_seconds_sum") == 1.0
    assert sample("cms_answer_seconds_bucket", le="0.25") == 0
    assert sample("cms_answer_seconds_bucket", le="0.5") == 2


def test_a_failure_is_a_request_but_no_answer(sample):
    assert (sample("cms_requests_total"), sample("cms_requests_failed_total")) == (3, 1)
    assert sample("cms_answer_seconds_count") == sample("cms_answer_seconds_bucket", le="+Inf") == 2
