"""Texts of failures: few, whatever the API says."""

import pytest

from api.failure_texts import MAX_TEXTS, OTHERS, FailureTexts
from api.failures import UnexpectedAnswer


def settled(texts, message, status=None):
    failure = UnexpectedAnswer(message, status)
    texts.settle(failure)
    return str(failure)


def test_what_differs_by_ids_alone_is_one_text():
    texts = FailureTexts()
    first = settled(texts, "expected status 200, got 409 (patient 17 exists)", 409)
    assert settled(texts, "expected status 200, got 409 (patient 18 exists)", 409) == first
    assert settled(texts, "got 409 (key 7f3a-11ee exists)", 409) == "got 409 (key 7f3a-11ee exists)"
    assert settled(texts, "got 409 (key 90bc-22ff exists)", 409) == "got 409 (key 7f3a-11ee exists)"


def test_another_status_is_another_text():
    texts = FailureTexts()
    assert settled(texts, "got 500", 500) == "got 500"
    assert settled(texts, "got 503", 503) == "got 503"


def test_after_the_last_kind_all_others_are_one():
    texts = FailureTexts()
    words = ["".join("ghijklmnop"[int(digit)] for digit in str(number)) for number in range(MAX_TEXTS + 10)]
    told = [settled(texts, word) for word in words]
    assert told == words[:MAX_TEXTS] + [OTHERS] * 10
    assert settled(texts, words[0]) == words[0]


def test_nothing_hangs_on_to_the_request():
    texts = FailureTexts()

    def fail():
        body = b"x" * 1000
        try:
            raise ValueError(body)
        except ValueError:
            raise UnexpectedAnswer("wrong")  # noqa: B904

    with pytest.raises(UnexpectedAnswer) as failed:
        fail()
    assert failed.value.__context__ is not None
    texts.settle(failed.value)
    assert (failed.value.__context__, failed.value.__cause__, failed.value.__traceback__) == (None, None, None)
