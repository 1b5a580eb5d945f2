"""A clean-up that takes long says how far it is."""

import logging

import pytest

from api.endpoints import DELETE_FILE, LIST_FILES
from api.failures import NoAnswer, TaskCannotGoOn
from run.cleanup_progress import telling


def test_it_tells_every_five_seconds_what_was_done_and_what_time_is_left(caplog):
    now = 100.0
    call = telling(lambda endpoint, **params: params, deadline=160, clock=lambda: now)
    with caplog.at_level(logging.INFO):
        for second in range(12):
            now = 100.0 + second
            assert call(DELETE_FILE if second % 2 else LIST_FILES, id=second) == {"id": second}
    assert caplog.messages == [
        "Cleaning up: 5 requests, 2 records removed, at most 55 s left",
        "Cleaning up: 10 requests, 5 records removed, at most 50 s left",
    ]


def test_what_fails_is_told_too_and_is_not_removed(caplog):
    now = 0.0

    def fail(endpoint):
        raise TaskCannotGoOn(NoAnswer("nobody there"))

    call = telling(fail, deadline=6, clock=lambda: now)
    with caplog.at_level(logging.INFO):
        for second in (0.0, 20.0):
            now = second
            with pytest.raises(TaskCannotGoOn):
                call(DELETE_FILE)
    assert caplog.messages == ["Cleaning up: 1 requests, 0 records removed, at most 0 s left"]
