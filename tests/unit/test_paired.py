"""Pairs of answers: how they are counted, and what they say of a difference, held against slow and obvious ways."""

import math
import random
from collections import Counter
from statistics import fmean, median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reporting.metrics.pairs import MAX_INTERVALS, STEP, Answered, Cell, PairBook, PairHistory, is_new_first, key_of
from reporting.metrics.pairs import steps_of as steps
from reporting.verdict.huber import HUBER, OF_A_NORMAL_DISTRIBUTION
from reporting.verdict.paired import MIN_PAIRS, binomial_p, difference_p, shift_of

ROW = ("patient", "GET", "/api/patients")
ALL_ROWS = range(MAX_INTERVALS)


def cell_of(pairs):
    cell = Cell()
    for new, old, new_first in pairs:
        cell.count(Answered(new), Answered(old), new_first)
    return cell


def cells_of(rng, seconds, per_second, factor=1.0, noise=0.2, order=0.0, wild=0.0):
    """Pairs of a NEW that is `factor` times as slow; `wild` is the share of which one answer was disturbed."""
    cells = []
    for _ in range(seconds):
        pairs = []
        for number in range(per_second):
            off = rng.gauss(0, noise) + (order if number % 2 else -order) + (rng.random() < wild) * rng.choice((-3, 3))
            pairs.append((20 * factor * math.exp(off), 20, bool(number % 2)))
        cells.append(cell_of(pairs))
    return cells


def slow_middle(values):
    """Huber's estimate, by halving: the pulls of what lies above and below it are in balance."""
    start = median(values)
    bound = HUBER * max(1.0, OF_A_NORMAL_DISTRIBUTION * median(abs(value - start) for value in values))
    low, high = min(values), max(values)
    for _ in range(200):
        middle = (low + high) / 2
        pull = sum(max(-bound, min(bound, value - middle)) for value in values)
        low, high = (middle, high) if pull > 0 else (low, middle)
    return (low + high) / 2


ONE_PAIR = st.tuples(st.floats(0.1, 1000), st.floats(0.1, 1000), st.booleans())


@settings(deadline=None)
@given(st.lists(st.lists(ONE_PAIR, min_size=3, max_size=6), min_size=16, max_size=24))
def test_the_middle_is_that_of_huber_in_each_order_and_swapping_the_hosts_turns_it_round(seconds):
    cells = [cell_of(pairs) for pairs in seconds]
    found = shift_of(cells)
    orders = [[], []]
    for cell in cells:
        for key, count in cell.ratios.items():
            orders[is_new_first(key)] += [steps(key)] * count
    if min(map(len, orders)) < MIN_PAIRS / 4:
        orders = [orders[0] + orders[1]]
    slow = STEP * fmean(map(slow_middle, orders))
    assert found.middle == pytest.approx(slow, abs=STEP)
    assert 0 <= found.p <= 1
    swapped = shift_of([cell_of([(old, new, not first) for new, old, first in pairs]) for pairs in seconds])
    assert swapped.middle == pytest.approx(-found.middle, abs=STEP / 100)
    assert swapped.error.value == pytest.approx(found.error.value, rel=0.01)


@settings(deadline=None)
@given(st.integers(0, 60), st.integers(0, 60))
def test_the_exact_test_of_a_coin_is_that_of_the_textbook(more, less):
    """As likely as all numbers of heads that are no more likely than this one, counted exactly."""
    ways = [math.comb(more + less, heads) for heads in range(more + less + 1)]
    wanted = sum(number for number in ways if number <= ways[more]) / 2 ** (more + less)
    assert binomial_p(more, less) == pytest.approx(wanted, rel=1e-9)


@settings(deadline=None)
@given(st.lists(ONE_PAIR, max_size=60), st.lists(st.integers(0, 4 * MAX_INTERVALS), min_size=60, max_size=60))
def test_pairs_are_counted_alike_in_one_process_or_in_many_and_none_is_lost_in_a_long_run(pairs, seconds):
    now = [0]
    books = [PairBook(lambda: now[0]) for _ in range(3)]
    history, together = PairHistory(), PairHistory()
    for number, (new, old, first) in enumerate(pairs):
        now[0] = seconds[number]
        for book in (books[number % 2], books[2]):
            book.count(ROW, Answered(new, new > 900), Answered(old), first)
        together.add(books[2].drain(), start=0)
    for book in books:
        history.add(book.drain(), start=0)
        assert book.drain() == []
    whole = [one.of(lambda _: True, ALL_ROWS) for one in (history, together)]
    assert history.interval == together.interval
    for here, there in zip(*whole, strict=True):
        assert (Counter(here.ratios), here.counts) == (Counter(there.ratios), there.counts)
    assert sum(sum(cell.ratios.values()) + cell.new_failed for cell in whole[0]) == len(pairs)


def test_a_pair_of_which_one_side_failed_has_no_ratio():
    cell = Cell()
    for new, old in ((True, False), (True, False), (False, True), (True, True), (False, False)):
        cell.count(Answered(5.0, new), Answered(5.0, old), new_first=True)
    assert cell.counts == (2, 1, 1, 0)
    assert cell.ratios == {key_of(5.0, 5.0, True): 1}


def test_an_interval_holds_the_truth_as_often_as_it_says_whatever_disturbs():
    held = alarms = 0
    for seed in range(200):
        found = shift_of(cells_of(random.Random(seed), 40, 10, factor=1.05, noise=0.1, order=0.15, wild=0.15))
        held += abs(found.middle - math.log(1.05)) <= found.reach(0.95)
        equal = shift_of(cells_of(random.Random(seed), 40, 10, noise=0.1, order=0.15, wild=0.15))
        alarms += equal.p < 0.01
    assert held >= 186
    assert alarms <= 4


def test_disturbed_pairs_and_the_order_do_not_hide_five_percent():
    """Of two minutes, with ten pairs a second."""
    found = [
        shift_of(cells_of(random.Random(seed), 120, 10, 1.05, noise=0.1, order=0.15, wild=0.15)) for seed in range(20)
    ]
    assert sum(one.p < 0.01 for one in found) >= 15


def test_slow_spells_of_one_host_do_not_pass_for_certainty():
    """Ten seconds are slow, ten are fast: forty seconds say as little as four values do."""
    rng = random.Random(1)
    spells = [cells_of(rng, 10, 10, factor) for factor in (1.2, 0.9, 1.2, 0.9)]
    assert shift_of([cell for spell in spells for cell in spell]).p > 0.01


def test_too_few_pairs_say_nothing():
    assert shift_of([cell_of([(30, 20, True)]) for _ in range(MIN_PAIRS - 1)]) is None
    assert shift_of([cell_of([(30, 20, True)] * MIN_PAIRS)]) is None
    assert shift_of([]) is None
    burst = [cell_of([(30, 20, number % 2 == 0) for number in range(50)]) for _ in range(4)]
    assert shift_of([*burst, *(Cell() for _ in range(40))]) is None, "as of people who all sign in within seconds"
    assert difference_p([10], [0]) is None
    assert difference_p([1] * 9, [0] * 9) is None


def test_failures_of_one_side_alone_are_found_and_a_single_burst_is_not():
    assert difference_p([1, 0, 2, 1] * 10, [0] * 40) < 1e-6
    assert difference_p([1, 0, 2, 1] * 10, [1, 1, 1, 1] * 10) == 1.0
    assert difference_p([40, *[0] * 39], [0] * 40) > 0.01
