"""How sure a figure is: intervals against slow, obvious ones, their coverage, and what budgets make of them."""

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as some

from config.budget_file import Budget
from reporting.metrics.histogram import Histogram, rounded, total
from reporting.metrics.measurements import Figures, Interval, Times
from reporting.verdict.budgets import judge
from reporting.verdict.dependence import batch_means, standard_error
from reporting.verdict.intervals import intervals
from reporting.verdict.proportions import Evidence, wilson
from reporting.verdict.student_t import quantile, two_sided_p

PERCENTILES = ("p50", "p95", "p99")


def parts_of(seconds):
    """A list of answer times in ms for each second, as a store keeps them."""
    return [Histogram(Counter(rounded(int(taken * 1000)) for taken in second).items()) for second in seconds]


def coarse(parts):
    kept = [Histogram() for _ in parts]
    for histogram, part in zip(kept, parts, strict=True):
        histogram.add_coarsely(part)
    return kept


def of(seconds):
    exact = parts_of(seconds)
    return intervals(coarse(exact), total(exact), 1)


# From the tables of Student's distribution: degrees of freedom, and the value that 97.5 % do not exceed.
@pytest.mark.parametrize(("freedom", "value"), [(5, 2.571), (10, 2.228), (19, 2.093), (60, 2.000), (1e9, 1.960)])
def test_students_quantiles_are_those_of_the_tables(freedom, value):
    assert quantile(0.975, freedom) == pytest.approx(value, rel=0.003)
    assert two_sided_p(value, freedom) == pytest.approx(0.05, abs=0.001)


@given(some.floats(0.001, 0.999), some.floats(2, 200))
def test_students_two_directions_agree(share, freedom):
    value = quantile(share, freedom)
    assert two_sided_p(value, freedom) == pytest.approx(2 * min(share, 1 - share), rel=1e-6)


@given(some.lists(some.floats(-1e6, 1e6), min_size=1, max_size=400))
def test_the_means_of_batches_leave_nothing_out_but_a_rest_at_the_start(series):
    means = batch_means(series)
    size = len(series) // len(means)
    kept = series[len(series) - size * len(means) :]
    assert means == pytest.approx([sum(kept[at : at + size]) / size for at in range(0, len(kept), size)])
    assert len(series) - len(kept) < len(means)


def test_a_mean_of_independent_values_is_as_sure_as_the_book_says():
    rng = random.Random(2)
    errors = [standard_error([rng.gauss(0, 1) for _ in range(400)]).value for _ in range(200)]
    assert sum(errors) / 200 == pytest.approx(1 / 20, rel=0.15)


def test_a_series_whose_values_hang_together_is_less_sure():
    rng = random.Random(2)
    steps = [rng.gauss(0, 1) for _ in range(40)]
    spells = [step for step in steps for _ in range(10)]
    mixed = rng.sample(spells, len(spells))
    assert standard_error(spells).value > 2 * standard_error(mixed).value


def test_a_series_that_is_too_short_says_nothing():
    assert standard_error([1.0] * 5) is None
    assert of([[20.0]] * 5) == {}


def test_wilsons_interval_is_that_of_the_book():
    """With 10 of 100 and the normal's quantile: 0.0552 to 0.1744 (Wilson 1927)."""
    assert wilson(0.1, Evidence(100, 1.0, 1e9), 0.95) == pytest.approx((0.0552, 0.1744), abs=1e-3)
    assert wilson(0.0, Evidence(100, 1.0, 1e9), 0.95)[0] == 0.0


times = some.lists(some.floats(0.001, 60_000), min_size=0, max_size=20)


@given(some.lists(times, min_size=6, max_size=60))
def test_each_value_lies_in_its_interval(seconds):
    exact = parts_of(seconds)
    found, whole = of(seconds), total(exact)
    for metric, share in zip(PERCENTILES, (0.5, 0.95, 0.99), strict=True):
        if whole.ok:
            assert found[metric].spans(whole.percentile(share))
    rate = sum(map(len, seconds)) / len(seconds)
    assert found["min_rate"].low - 1e-4 <= rate <= found["min_rate"].high + 1e-4


def test_a_constant_server_is_known_exactly():
    found = of([[20.0] * 25] * 60)
    assert [found[metric].high - found[metric].low for metric in PERCENTILES] == pytest.approx([0.015] * 3)


def test_where_few_answers_were_seen_the_end_lies_beyond_them_all():
    rng = random.Random(3)
    seconds = [[rng.uniform(1, 30)] for _ in range(30)]
    found, longest = of(seconds), max(taken for (taken,) in seconds)
    assert longest < found["p95"].high < found["p99"].high * 1.001 < 10 * longest
    assert found["p50"].high < longest


def test_slow_spells_far_below_a_limit_leave_no_doubt_of_it():
    """Of ten thousand answers none took more than 20 ms, though the median was three times as long half of the time."""
    rng = random.Random(4)
    seconds = [[rng.uniform(1, 2) * (9 if 40 <= second < 80 else 3) for _ in range(80)] for second in range(120)]
    assert of(seconds)["p95"].high < 500


def test_with_answers_in_few_parts_there_is_no_end_to_be_reckoned():
    found = of([[5.0]] * 4 + [[]] * 60)
    assert found["p99"].high is None


@pytest.mark.parametrize("rho", [0.0, 0.7])
def test_an_interval_holds_the_truth_as_often_as_it_says(rho):
    """120 seconds of ten answers, 300 times; benchmarks/interval_coverage.py does it for eight servers."""
    held = Counter()
    for seed in range(300):
        rng = random.Random(seed)
        level, seconds = rng.gauss(0, 1), []
        for _ in range(120):
            level = rho * level + (1 - rho * rho) ** 0.5 * rng.gauss(0, 1)
            seconds.append([20 * 2.718281828 ** (0.3 * level + 0.3 * rng.gauss(0, 1)) for _ in range(10)])
        found = of(seconds)
        held["p50"] += found["p50"].spans(20.0)
        held["p95"] += found["p95"].spans(20 * 2.718281828 ** (0.3 * 2**0.5 * 1.644854))
    assert all(0.91 <= count / 300 <= 0.99 for count in held.values()), held


def judged(value, interval, metric="p95", limit=800.0):
    figures = Figures(100, rate=value, ok=Times(p95=value), intervals={metric: interval})
    (budget,) = judge({("everything", ""): figures}, [Budget("everything", "", metric, limit)])
    return budget


@pytest.mark.parametrize(
    ("value", "interval", "ok", "close", "too_few"),
    [
        (780, Interval(740, 790), True, False, False),
        (780, Interval(740, 830), True, True, False),
        (810, Interval(790, 830), False, True, False),
        (810, Interval(805, 830), False, False, False),
        (780, Interval(740, None), True, False, True),
        (810, Interval(805, None), False, False, False),
    ],
)
def test_a_budget_whose_interval_spans_its_limit_is_too_close_to_call(value, interval, ok, close, too_few):
    budget = judged(value, interval)
    assert (budget.ok, budget.close, budget.too_few) == (ok, close, too_few)


def test_no_failure_in_few_requests_is_no_proof_and_no_close_call():
    figures = Figures(200, 0, intervals={"failure_ratio": Interval(0.0, 0.019)})
    (budget,) = judge({("everything", ""): figures}, [Budget("everything", "", "failure_ratio", 0.01)])
    assert (budget.ok, budget.close, budget.too_few) == (True, False, True)
