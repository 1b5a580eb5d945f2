"""Faults of the whole server: it is away, and nobody can connect; or it is frozen, and nothing is answered."""

from collections.abc import Iterable

import gevent
from gevent.monkey import get_original
from gevent.pywsgi import WSGIServer

from sandbox.faults import AWAY, FREEZE, Fault

LONGEST_SECONDS = 3600.0


def plan_outages(server: WSGIServer, faults: Iterable[Fault]) -> None:
    """Lets each begin at its time, counted from now."""
    for fault in faults:
        seconds = min(fault.until - fault.after, LONGEST_SECONDS)
        if fault.action == AWAY:
            gevent.spawn_later(fault.after, _go_away, server, seconds)
        elif fault.action == FREEZE:
            gevent.spawn_later(fault.after, get_original("time", "sleep"), seconds)


def _go_away(server: WSGIServer, seconds: float) -> None:
    """As a process that is started anew: connections break, and the port is nobody's until it is back."""
    server.stop(timeout=0)
    gevent.sleep(seconds)
    server.start()
