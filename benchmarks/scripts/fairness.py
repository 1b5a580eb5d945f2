"""The suite's own locustfile, with a count of each user's requests written down (`FAIRNESS` names where).

Every user has one context of its own, so that it tells users apart.
"""

from locust import events

import json
import os
import time
from collections import Counter
from pathlib import Path

from locustfile import *  # noqa: F403, all roles that there are

requests = Counter()
latest = {}
longest_silence = Counter()


@events.request.add_listener
def count(context, **_):
    user, now = id(context), time.monotonic()
    requests[user] += 1
    longest_silence[user] = max(longest_silence[user], now - latest.get(user, now))
    latest[user] = now


@events.quitting.add_listener
def write(**_):
    users = [(number, longest_silence[user]) for user, number in requests.items()]
    Path(os.environ["FAIRNESS"]).write_text(json.dumps(users))
