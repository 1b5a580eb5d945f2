"""The whole way of an answer, with some thousand that no API should give; tests/fuzz_answers.py tries a million."""

import pytest

from tests.answer_cases import answer
from tests.fuzz_answers import Fuzz, fuzz


@pytest.mark.parametrize("part", range(4))
def test_whatever_comes_is_one_row_and_nothing_else(part):
    told = fuzz(seed=1, cases=1500, first=part * 1500)
    assert told[""] > 50, "some must be as promised, or the cases show nothing"
    assert len(told) > 20


def test_no_memory_stays():
    """After half of the cases, the other half needs no more."""
    fuzz(seed=2, cases=3000, warm_up=1500)


def test_a_case_is_always_the_same():
    assert [answer(5, number) for number in range(50)] == [answer(5, number) for number in range(50)]
    assert answer(5, 1) != answer(6, 1)


def test_a_case_that_is_not_as_it_must_be_is_told_by_its_number(monkeypatch):
    def fails_once(self, number):
        assert number != 7, "two rows"

    monkeypatch.setattr(Fuzz, "case", fails_once)
    with pytest.raises(AssertionError, match="case 7 of seed 3: AssertionError: two rows"):
        fuzz(seed=3, cases=10)
