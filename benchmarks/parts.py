"""`python -m benchmarks.parts`: what each part of one request costs by itself, in µs of CPU, with warm caches."""

from locust.env import Environment

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import gevent
import msgspec

from api.endpoints import LIST_APPOINTMENTS
from api.transport.answer import Answer
from api.transport.client import ApiClient, request_bytes
from api.transport.connection import Connection
from api.transport.server import Limits, Server
from api.transport.wire import Wire
from benchmarks.one_call import Person, Token, answer
from benchmarks.recorded_answers import OWN_ID, recorded_answer
from reporting.metrics.recorder import Recorder

ROUNDS = 7
PARAMS = {"paciente_id": OWN_ID}
SERVER = Server("http://127.0.0.1:9")


class Canned(Connection):
    """Has the answer already."""

    def __init__(self, whole: Answer) -> None:
        self._whole = whole

    def exchange(self, request: bytes) -> Answer:
        return self._whole


class CannedWire:
    """A wire that costs nothing."""

    arrived = 0.0

    def __init__(self, content: bytes) -> None:
        self._content = content

    def send(self, content: bytes) -> None:
        self.arrived = time.perf_counter()

    def receive(self, seconds: float) -> bytes:
        return self._content

    def has_news(self) -> object:
        return False

    def close(self) -> None: ...


class Wired(Connection):
    """On a wire that costs nothing."""

    def __init__(self, content: bytes) -> None:
        super().__init__(SERVER, Limits())
        self._content = content

    def _open(self) -> Wire:
        return CannedWire(self._content)


def parts() -> Iterator[tuple[str, Callable[[], object]]]:
    """What a request of the contest is made of, without the kernel and the loop."""
    content = answer()
    body = msgspec.json.encode(recorded_answer(LIST_APPOINTMENTS))
    token = Token().token()
    whole = Answer(len(content))
    whole.feed(content)

    def parse() -> object:
        one = Answer(len(content))
        one.feed(content)
        return one.body

    yield (
        "target and head of the request",
        lambda: request_bytes(SERVER, LIST_APPOINTMENTS, LIST_APPOINTMENTS.target(PARAMS), None, token),
    )
    yield "the answer, parsed", parse
    connection = Wired(content)
    yield "the answer, parsed, with its connection", lambda: connection.exchange(b"")
    yield "the body, decoded and checked", lambda: LIST_APPOINTMENTS.read(200, body, PARAMS)
    environment = Environment(user_classes=[])
    environment.create_local_runner()
    yield "Locust's request event and statistics", lambda: _fire(environment)
    recorder = Recorder()
    yield "the suite's own record", lambda: recorder.on_request("GET", LIST_APPOINTMENTS.path, 1.5, {"role": "patient"})
    yield "giving way to the others", lambda: gevent.sleep(0)
    silent: Any = Environment()
    client = ApiClient(Person(silent), SERVER, Limits())
    client.tokens = Token()
    client._connection = Canned(whole)
    yield "the whole call, its answer at hand", lambda: client.call(LIST_APPOINTMENTS, **PARAMS)


def cpu_of(work: Callable[[], object], times: int) -> float:
    """The best of some rounds, in µs."""
    rounds = []
    for _ in range(ROUNDS):
        began = time.thread_time()
        for _ in range(times):
            work()
        rounds.append((time.thread_time() - began) / times)
    return min(rounds) * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5000, help="how often each part is done in a round")
    times = parser.parse_args().times
    sys.stdout.write("| by itself, with warm caches | µs |\n|---|---:|\n")
    for name, work in parts():
        sys.stdout.write(f"| {name} | {cpu_of(work, times):.1f} |\n")


def _fire(environment: Environment) -> None:
    environment.events.request.fire(
        request_type="GET",
        name=LIST_APPOINTMENTS.path,
        response_time=1.5,
        response_length=2500,
        response=None,
        context={},
        exception=None,
        start_time=0.0,
        url="",
    )


if __name__ == "__main__":
    main()
