"""latency.hlog: the public reader of HdrHistogram finds in it what was counted, to three digits."""

import random
from contextlib import closing
from datetime import UTC, datetime

import pytest

from reporting.metrics.histogram import rounded
from reporting.metrics.latency_intervals import LatencyInterval, latency_intervals
from reporting.metrics.store import MetricsStore
from reporting.views.hdr_log import hdr_log

histogram = pytest.importorskip("hdrh.histogram", reason="hdrhistogram has no build for this platform")
log = pytest.importorskip("hdrh.log")

STARTED = datetime(2026, 1, 1, tzinfo=UTC)


def read(path, intervals):
    """The histogram of each line."""
    path.write_bytes(hdr_log(intervals, STARTED))
    with closing(log.HistogramLogReader(str(path), histogram.HdrHistogram(1, 3_600_000_000, 3))) as reader:
        return list(iter(reader.get_next_interval_histogram, None))


@pytest.mark.parametrize("times", [{1: 1}, {2047: 3, 2048: 4, 2050: 5}, {412: 70_000, 3_598_712_832: 1}])
def test_every_count_is_read_back(tmp_path, times):
    (found,) = read(tmp_path / "latency.hlog", [LatencyInterval("", 0.0, 1.0, times)])
    assert {item.value_iterated_to: item.count_added_in_this_iter_step for item in found.get_recorded_iterator()} == {
        found.get_highest_equivalent_value(taken): count for taken, count in times.items()
    }


def test_what_is_longer_than_an_hour_counts_as_an_hour(tmp_path):
    (found,) = read(tmp_path / "latency.hlog", [LatencyInterval("", 0.0, 1.0, {7_200_000_000: 2})])
    assert (found.get_total_count(), found.values_are_equivalent(found.get_max_value(), 3_600_000_000)) == (2, True)


def test_percentiles_are_those_that_were_counted(tmp_path):
    rng = random.Random(1)
    store = MetricsStore()
    for second in range(4):
        answers = [rounded(int(rng.lognormvariate(8, 1))) for _ in range(500)]
        for taken in answers:
            store.add([[int(store.started) + second, "patient", "GET", "/api/{id}, x", [taken, 1], []]])
    found = read(tmp_path / "latency.hlog", latency_intervals(store))
    everything = histogram.HdrHistogram(1, 3_600_000_000, 3)
    for one in found:
        if one.get_tag() is None:
            everything.add(one)
    tags = {one.get_tag(): one for one in found}
    assert set(tags) == {None, "patient", "GET_/api/{id}__x"}
    for share in (0.5, 0.95, 0.99):
        ours = round(store.histogram(lambda row: True).percentile(share) * 1000)
        for theirs in (everything, tags["patient"]):
            assert theirs.values_are_equivalent(theirs.get_value_at_percentile(share * 100), ours)


def test_intervals_have_their_times(tmp_path):
    store = MetricsStore()
    for second in (0, 2):
        store.add([[int(store.started) + second, "patient", "GET", "/", [1000 + second, 1], []]])
    path = tmp_path / "latency.hlog"
    path.write_bytes(hdr_log(latency_intervals(store), STARTED))
    lines = [line.split(",")[:3] for line in path.read_text().splitlines() if line[0].isdigit()]
    assert lines == [["0.000", "1.000", "1.000"], ["2.000", "1.000", "1.002"]]
