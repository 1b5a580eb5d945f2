"""A clinic with known delays: `python -m benchmarks.slow_clinic`; writes down what each request really took.

The truth of a request is the time from the kernel's note that it had arrived until its answer was sent, so that it
holds even when this process was late itself. Delays come from shuffled decks, so that any part of a run shows the
whole distribution. Ends, and prints the truth as JSON, when its standard input is closed.
"""

import heapq
import itertools
import json
import selectors
import socket
import struct
import sys
import time
from collections.abc import Iterator
from random import Random
from statistics import NormalDist
from typing import Any

from api import endpoints
from api.transport.wire import SO_TIMESTAMPNS
from benchmarks.recorded_answers import READINGS, path_of, recorded_answer, signed_in

NOTE = struct.Struct("@ll")
ROWS = 100
CARDS = 10_000
HANDS = 10
"""Each shows the whole distribution; the ten differ, since a rank more or less must not be a step in the tail."""
CONSTANT_SECONDS = 0.02
BIMODAL_SECONDS = (0.015, 0.3)
LONG_TAIL_SECONDS = (0.01, 0.05, 2.0)
"""Shortest, median, longest."""


def constant() -> list[float]:
    return [CONSTANT_SECONDS] * CARDS


def bimodal() -> list[float]:
    """Eight fast ones to two slow ones."""
    return [BIMODAL_SECONDS[card % 10 >= 8] for card in range(CARDS)]


def long_tail() -> list[float]:
    """Log-normal, cut off at both ends."""
    shortest, median, longest = LONG_TAIL_SECONDS
    normal = NormalDist(sigma=1.0)
    return [
        min(max(median * 2.718281828 ** normal.inv_cdf((card + 0.5) / CARDS), shortest), longest)
        for card in range(CARDS)
    ]


READY = "slow clinic ready at "
DECKS = {
    endpoints.LIST_APPOINTMENTS.path: constant(),
    endpoints.LIST_CONSULTATIONS.path: bimodal(),
    endpoints.LIST_EPISODES.path: long_tail(),
}
"""Which route is how slow; all others answer at once."""


class SlowClinic:
    """One thread, one epoll: reads requests, holds each back for its delay, answers, notes what it took.

    `truth` has, for each slow route, when each answer was sent (seconds since the epoch), and the least and the most
    that it can have taken, in ms: the kernel took it between these two moments.
    """

    def __init__(self) -> None:
        self.truth: dict[str, list[tuple[float, float, float]]] = {path: [] for path in DECKS}
        self._answers = dict(_answers())
        self._delays = {path: dealt(deck) for path, deck in DECKS.items()}
        self._due: list[tuple[float, int, socket.socket, str, float]] = []
        self._number = itertools.count()
        self._selector = selectors.DefaultSelector()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(sys.stdin, selectors.EVENT_READ)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def serve(self) -> None:
        """Until standard input is closed."""
        while True:
            wait = max(0.0, self._due[0][0] - time.time()) if self._due else None
            for key, _ in self._selector.select(wait):
                if key.fileobj is sys.stdin:
                    return
                self._accept() if key.fileobj is self._listener else self._read(key.fileobj)
                self._answer_what_is_due()
            self._answer_what_is_due()

    def _accept(self) -> None:
        connection, _ = self._listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        self._selector.register(connection, selectors.EVENT_READ)

    def _read(self, connection: Any) -> None:
        try:
            request, notes, _, _ = connection.recvmsg(65536, socket.CMSG_SPACE(NOTE.size))
        except ConnectionError:
            request, notes = b"", []
        if not request:
            self._selector.unregister(connection)
            connection.close()
            return
        seconds, nanoseconds = NOTE.unpack(notes[0][2]) if notes else divmod(time.time_ns(), 10**9)
        arrived = seconds + nanoseconds / 1e9
        path = request.split(b" ", 2)[1].partition(b"?")[0].decode()
        delay = next(self._delays[path]) if path in self._delays else 0.0
        heapq.heappush(self._due, (arrived + delay, next(self._number), connection, path, arrived))

    def _answer_what_is_due(self) -> None:
        while self._due and self._due[0][0] <= time.time():
            _, _, connection, path, arrived = heapq.heappop(self._due)
            sending = time.time()
            try:
                connection.sendall(self._answers[path])
            except OSError:
                continue
            if path in self.truth:
                sent = time.time()
                self.truth[path].append((sent, (sending - arrived) * 1000, (sent - arrived) * 1000))


def _answers() -> Iterator[tuple[str, bytes]]:
    """Whole answers by path. Nobody's policies, since those would have to hold the name that was searched for."""
    yield endpoints.SIGN_IN.path, _whole(signed_in())
    for route in READINGS:
        answer = recorded_answer(route, ROWS)
        yield path_of(route), _whole(answer | {"data": []} if route is endpoints.LIST_POLICIES else answer)


def _whole(content: Any) -> bytes:
    body = json.dumps(content).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


def dealt(deck: list[float]) -> Iterator[float]:
    """Deals the deck hand by hand, again and again."""
    random, cards = Random(5), sorted(deck)
    hands = [cards[first::HANDS] for first in range(HANDS)]
    for hand in hands:
        random.shuffle(hand)
    return itertools.cycle(itertools.chain(*hands))


def main() -> None:
    clinic = SlowClinic()
    sys.stdout.write(f"{READY}{clinic.url}\n")
    sys.stdout.flush()
    clinic.serve()
    json.dump(clinic.truth, sys.stdout)


if __name__ == "__main__":
    main()
