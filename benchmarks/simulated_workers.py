"""Workers without users: `python -m benchmarks.simulated_workers PORT NUMBER` talks to a master as Locust's do.

Each reports every three seconds what a busy worker would: Locust's statistics and the suite's own figures.
"""

from locust import __version__
from locust.rpc.protocol import Message
from locust.rpc.zmqrpc import Client
from locust.stats import RequestStats

import random
import sys
import time
from functools import cache
from typing import Any

import gevent

from api.endpoints import ENDPOINTS
from reporting.metrics.recorder import Recorder
from reporting.metrics.workers import FIGURES, SENT_AT, WIND_DOWN, WOUND_DOWN

HEARTBEAT_SECONDS = 1.0
REPORT_SECONDS = 3.0
ROWS = 40
REQUESTS_PER_ROW = 100
VARIANTS = 10


class SimulatedWorker:
    """Says that it is ready, then that it runs as many users as it is told to, and reports."""

    def __init__(self, port: int, number: int) -> None:
        self._name = f"simulated_{number}"
        self._client = Client("127.0.0.1", port, self._name)
        self._users: dict[str, int] = {}
        self._running = False

    def live(self) -> None:
        self._send("client_ready", __version__)
        gevent.spawn(self._listen)
        gevent.spawn(self._beat)
        gevent.sleep(random.uniform(0, REPORT_SECONDS))
        while True:
            if self._running:
                self._send("stats", report(self._users))
            gevent.sleep(REPORT_SECONDS)

    def _listen(self) -> None:
        while True:
            message = self._client.recv()
            if message.type == "spawn":
                self._users = message.data["user_classes_count"]
                self._running = True
                self._send("spawning_complete", self._counts())
            elif message.type == WIND_DOWN:
                self._running = False
                self._send(WOUND_DOWN, None)

    def _beat(self) -> None:
        while True:
            state = "running" if self._running else "ready"
            self._send("heartbeat", {"state": state, "current_cpu_usage": 50, "current_memory_usage": 0})
            gevent.sleep(HEARTBEAT_SECONDS)

    def _counts(self) -> dict[str, Any]:
        return {"user_classes_count": self._users, "user_count": sum(self._users.values())}

    def _send(self, kind: str, data: Any) -> None:
        self._client.send(Message(kind, data, self._name))


@cache
def report_of_a_busy_worker(variant: int) -> tuple[dict[str, Any], list[list[Any]]]:
    """Three seconds of a few dozen rows, about 1,300 requests/s: Locust's statistics, and the suite's figures."""
    stats, recorder, rng = RequestStats(use_response_times_cache=False), Recorder(), random.Random(variant)
    for endpoint in ENDPOINTS[:ROWS]:
        for _ in range(REQUESTS_PER_ROW):
            taken = rng.lognormvariate(3, 1)
            stats.log_request(endpoint.method, endpoint.path, round(taken), 300)
            recorder.on_request(endpoint.method, endpoint.path, taken, {"role": "patient"})
    told = {"stats": stats.serialize_stats(), "stats_total": stats.total.get_stripped_report(), "errors": {}}
    return told, recorder.drain(everything=True)


def report(users: dict[str, int]) -> dict[str, Any]:
    """One of some prepared reports, dated now."""
    told, figures = report_of_a_busy_worker(random.randrange(VARIANTS))
    now = time.time()
    dated = [[int(now) - 1, *row] for _, *row in figures]
    counts = {"user_classes_count": users, "user_count": sum(users.values())}
    return {**told, **counts, FIGURES: dated, SENT_AT: now}


def main() -> None:
    port, number = int(sys.argv[1]), int(sys.argv[2])
    gevent.joinall([gevent.spawn(SimulatedWorker(port, count).live) for count in range(number)])


if __name__ == "__main__":
    main()
