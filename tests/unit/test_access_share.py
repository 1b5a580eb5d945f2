"""--audit-share: it listens to requests only while there is something to ask."""

from locust.env import Environment

from types import SimpleNamespace

import gevent
import pytest

from run.access_share import AccessShare


@pytest.fixture
def share(monkeypatch):
    """One whose questions are never asked."""
    environment = Environment()
    environment.parsed_options = SimpleNamespace(audit_share=0.0)
    monkeypatch.setattr(AccessShare, "_ask", lambda self: gevent.sleep(60))
    return AccessShare(environment)


def listeners(share):
    return share._environment.events.request._handlers


def test_a_run_without_an_audit_has_no_listener_of_it(share):
    share.on_load_start(share._environment)
    assert listeners(share) == []
    share.on_test_stop()


def test_each_test_has_one_listener_and_leaves_none(share):
    share._environment.parsed_options.audit_share = 0.5
    for _ in range(2):
        share.on_load_start(share._environment)
        assert listeners(share) == [share.on_request]
        assert not share._is_due.is_set()
        for _ in range(2):
            share._environment.events.request.fire()
        assert share._is_due.is_set(), "one question for two requests"
        share._is_due.clear()
        share.on_test_stop()
        assert listeners(share) == []
