"""The suite's own locustfile, with one user's CPU time from request to request written down (`OWN_TIMES` names where).

With a single user nothing else runs in the process, so the CPU time between two request events is what one request
costs: task, token, path, sending, waiting, receiving, checks, statistics, figures. The clock stands still while idle.
"""

from locust import events

import itertools
import json
import os
import time
from array import array
from pathlib import Path
from statistics import quantiles

from locustfile import *  # noqa: F403, all roles that there are

WARM_UP_REQUESTS = 500
moments = array("q")


@events.request.add_listener
def note(**_):
    moments.append(time.thread_time_ns())


@events.quitting.add_listener
def write(**_):
    spent = [(end - start) / 1000 for start, end in itertools.pairwise(moments)][WARM_UP_REQUESTS:]
    cuts = quantiles(spent, n=100)
    Path(os.environ["OWN_TIMES"]).write_text(json.dumps({"p50": cuts[49], "p95": cuts[94], "p99": cuts[98]}))
