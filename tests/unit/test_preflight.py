"""Before the load: clocks that differ are found, since times in the results would mean nothing."""

import time
from types import SimpleNamespace

import pytest

from config.errors import SetupError
from run.preflight import _clock_difference

SUITE = SimpleNamespace(server=SimpleNamespace(url="http://cms.local"))


def signed_in(seconds_ago):
    return SimpleNamespace(session=SimpleNamespace(signed_in_at=time.time() - seconds_ago))


@pytest.mark.parametrize("seconds_ago", [90, -90])
def test_clocks_that_differ_are_refused_whichever_is_ahead(monkeypatch, seconds_ago):
    monkeypatch.setattr("time.time", lambda: 1_000_000.0)
    with pytest.raises(SetupError, match=r"the clock of http://cms\.local and the one here differ by 90 s"):
        _clock_difference(signed_in(seconds_ago), SUITE)


@pytest.mark.parametrize("seconds_ago", [0, 60, -60])
def test_a_minute_is_tolerated(monkeypatch, seconds_ago):
    monkeypatch.setattr("time.time", lambda: 1_000_000.0)
    assert _clock_difference(signed_in(seconds_ago), SUITE) == abs(seconds_ago)
