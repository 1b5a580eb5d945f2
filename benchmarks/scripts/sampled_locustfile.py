"""The suite's own locustfile, which samples itself: which function spends the CPU time (`SAMPLES` names the file).

The kernel's profiling timer counts CPU time, and Python looks at its signals when a call returns: so a function's share
holds the C and the kernel that it calls, and that of the event loop falls to whoever is woken.
"""

from locust import events

import json
import os
import signal
import time
from collections import Counter
from pathlib import Path

import gevent

from locustfile import *  # noqa: F403, all roles that there are

WARM_UP_SECONDS = 2.0
CPU_SECONDS_PER_SAMPLE = 0.004
samples = Counter()
spent = {"requests": 0, "cpu": 0.0}


def look(number, frame):
    samples[frame.f_code] += 1


def sample():
    gevent.sleep(WARM_UP_SECONDS)
    spent["requests"], spent["cpu"] = 0, -time.process_time()
    signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS_PER_SAMPLE, CPU_SECONDS_PER_SAMPLE)


@events.test_start.add_listener
def begin(**_):
    gevent.spawn(sample)


@events.request.add_listener
def count(**_):
    spent["requests"] += 1


@events.test_stopping.add_listener
def write(**_):
    signal.setitimer(signal.ITIMER_PROF, 0)
    spent["cpu"] += time.process_time()
    found = [(code.co_filename, code.co_qualname, count) for code, count in samples.items()]
    Path(os.environ["SAMPLES"]).write_text(json.dumps({**spent, "samples": found}))
