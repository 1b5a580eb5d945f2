"""The machine's clock is set while a run goes on."""

import pytest

from tests.processes import ROOT

CLOCK = f"""
import sys
import time

import gevent

sys.path.insert(0, {str(ROOT)!r})
real, shift = time.time, [0.0]
time.time = lambda: real() + shift[0]

from locust import events
from locustfile import *


@events.spawning_complete.add_listener
def set_the_clock_later(**_):
    gevent.spawn_later(3, shift.__setitem__, 0, SECONDS)
"""


@pytest.mark.parametrize("seconds", [3600.0, -3600.0], ids=["ahead", "back"])
def test_a_clock_that_is_set_makes_the_run_invalid_and_breaks_nothing(run, tmp_path, seconds):
    locustfile = tmp_path / "clock.py"
    locustfile.write_text(CLOCK.replace("SECONDS", str(seconds)))
    result = run("-f", str(locustfile), "--read-only", seconds=7)
    assert (result.code, result.verdict["verdict"]) == (3, "invalid"), result.output
    assert "Traceback" not in result.output
    told = f"the clock of this machine was set by {seconds:+.0f} s, so that times and rates are wrong"
    assert told in result.verdict["reasons"]
    assert len(list((result.folder / "results").glob("*/report.html"))) == 1
