"""`python -m benchmarks.one_call`: the CPU time of one checked call, on answers as the API sends them.

A process of its own answers every request with a page of ten appointments behind the API's own set of headers. To
compare two versions of the suite, run it in a checkout of each, in turn.
"""

from locust import User
from locust.env import Environment
from locust.event import Events

import argparse
import multiprocessing
import socket
import statistics
import sys
import time
from typing import Any

import msgspec

from api.endpoints import LIST_APPOINTMENTS
from api.transport.client import ApiClient
from api.transport.server import Limits, Server
from benchmarks.recorded_answers import HEADERS, OWN_ID, recorded_answer

ROWS = 10
WARMING_UP = 500


class Person(User):
    def context(self) -> dict[str, str]:
        return {"role": "patient"}


class Token:
    def token(self) -> str:
        return "x" * 200

    def renew(self) -> None: ...


def answer() -> bytes:
    body = msgspec.json.encode(recorded_answer(LIST_APPOINTMENTS, ROWS))
    other = "".join(f"{name}: {value}\r\n" for name, value in HEADERS).encode()
    own = b"Content-Type: application/json\r\nContent-Length: %d\r\n" % len(body)
    return b"HTTP/1.1 200 OK\r\n%bConnection: keep-alive\r\nKeep-Alive: timeout=5\r\n%b\r\n%b" % (other, own, body)


def serve(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    content = answer()
    while connection.recv(65536):
        connection.sendall(content)


def measure(client: ApiClient, calls: int) -> float:
    """Microseconds of CPU per call."""
    began = time.process_time()
    for _ in range(calls):
        client.call(LIST_APPOINTMENTS, paciente_id=OWN_ID)
    return (time.process_time() - began) / calls * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=4000, help="calls in a round (default: 4000)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds, of which the median is printed (default: 5)")
    options = parser.parse_args()
    listener = socket.create_server(("127.0.0.1", 0))
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(listener,), daemon=True)
    process.start()
    environment: Any = Environment(events=Events())
    environment.events.request.add_listener(lambda **_: None)
    client = ApiClient(Person(environment), Server(f"http://127.0.0.1:{listener.getsockname()[1]}"), Limits())
    client.tokens = Token()
    measure(client, WARMING_UP)
    rounds = [measure(client, options.calls) for _ in range(options.rounds)]
    client.close()
    process.join()
    sys.stdout.write(f"{statistics.median(rounds):.1f} µs of CPU per call (median of {len(rounds)} rounds)\n")


if __name__ == "__main__":
    main()
