"""`python -m tests.fuzz_answers --cases 1000000 --seed 1`: the whole way of an answer, from its bytes to its row.

Whatever comes is one row, no exception but the one that ends a task, a message that may be shown, and no memory that
stays. A case that is not so is told by its number; `--first N --cases 1` repeats it.
"""

from locust.env import Environment
from locust.event import Events

import argparse
import resource
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from api.endpoint import Endpoint
from api.endpoints import GET_PATIENT, HEALTH, LIST_APPOINTMENTS, LIST_USERS, SIGN_IN
from api.failures import TaskCannotGoOn
from api.transport.client import ApiClient
from api.transport.connection import Connection
from api.transport.server import Limits, Server
from tests.answer_cases import CLAIMS, answer
from users.session import Token

ANSWER_BYTES = 100_000
MAX_GROWTH_BYTES = 64 * 1024 * 1024
CALLS: tuple[tuple[Endpoint, dict[str, Any]], ...] = (
    (LIST_APPOINTMENTS, {"paciente_id": 5, "limit": 10, "fecha_desde": datetime(2026, 11, 23, tzinfo=UTC)}),
    (SIGN_IN, {}),
    (HEALTH, {}),
    (LIST_USERS, {"search": "ana", "limit": 10}),
    (GET_PATIENT, {"id": 5}),
)
"""In the order of the contents that answer_cases has for them; for the last two any content is the wrong one."""


class ScriptedWire:
    """Plays one answer; then the connection is closed, in one of the ways in which one can be."""

    def __init__(self, pieces: list[bytes], number: int) -> None:
        self.arrived = time.perf_counter()
        self._pieces = iter(pieces)
        self._end = (b"", b"", b"", TimeoutError, ConnectionResetError, OSError)[number % 6]

    def send(self, content: bytes) -> None: ...

    def receive(self, seconds: float) -> bytes:
        piece = next(self._pieces, self._end)
        if isinstance(piece, bytes):
            return piece
        raise piece

    def has_news(self) -> bool:
        return False

    def close(self) -> None: ...


class ScriptedConnection(Connection):
    """Opens the wire that it was given, as often as is asked."""

    wire_of: Any

    def _open(self) -> Any:
        return self.wire_of()


class Fuzz:
    """Asks for one answer after the other; `told` counts the messages by their first words."""

    def __init__(self, seed: int) -> None:
        self.told: Counter[str] = Counter()
        self._seed = seed
        self._rows: list[dict[str, Any]] = []
        user: Any = SimpleNamespace(environment=Environment(events=Events()), context=dict)
        user.environment.events.request.add_listener(lambda **row: self._rows.append(row))
        self._client = ApiClient(user, Server("http://127.0.0.1:9"), Limits(answer_bytes=ANSWER_BYTES))
        self._connection = ScriptedConnection(Server("http://127.0.0.1:9"), Limits(answer_bytes=ANSWER_BYTES))
        self._client._connection = self._connection
        self._client.tokens = SimpleNamespace(token=lambda: CLAIMS, renew=lambda: None)

    def case(self, number: int) -> None:
        """Raises AssertionError for whatever must not be."""
        pieces = answer(self._seed, number)
        self._connection.wire_of = lambda: ScriptedWire(pieces, number)
        self._rows.clear()
        endpoint, params = CALLS[number % len(CALLS)]
        body = {"username": "ana", "password": "open sesame"} if endpoint is SIGN_IN else None
        good = False
        try:
            self._client.call(endpoint, body, accept=_read_token if endpoint is SIGN_IN else _as_it_is, **params)
            good = True
        except TaskCannotGoOn:
            pass
        finally:
            self._client.close()
        self._check(good)

    def _check(self, good: bool) -> None:
        *renewals, row = self._rows
        assert [renewal["request_type"] for renewal in renewals] in ([], ["AUTH"]), self._rows
        assert good == (row["exception"] is None)
        assert row["response_time"] >= 0
        message = str(row["exception"] or "")
        assert message.isprintable()
        assert "can be checked" not in message, "a defect of the suite, or of this fuzz"
        assert len(message) <= 200
        assert "sesame" not in message
        assert not any(CLAIMS[at : at + 12] in message for at in range(0, len(CLAIMS) - 12, 6))
        self.told[" ".join(message.split()[:9])] += 1


def _as_it_is(content: Any) -> Any:
    return content


def _read_token(content: Any) -> Any:
    return Token.read(content.token, 0.0)


def fuzz(seed: int, cases: int, first: int = 0, warm_up: int = 2000) -> Counter[str]:
    """How often which message came. Raises AssertionError, with the case's number, for what must not be."""
    trial = Fuzz(seed)
    before = 0
    for number in range(first, first + cases):
        if number == first + warm_up:
            before = _most_memory()
        try:
            trial.case(number)
        except BaseException as wrong:
            raise AssertionError(f"case {number} of seed {seed}: {type(wrong).__name__}: {wrong}") from wrong
    grown = _most_memory() - before if cases > warm_up else 0
    assert grown < MAX_GROWTH_BYTES, f"{grown} bytes more after {cases} cases"
    return trial.told


def _most_memory() -> int:
    """The most that this process ever had, in bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for message, count in fuzz(options.seed, options.cases, options.first).most_common():
        sys.stdout.write(f"{count:9,} {message or 'as promised'}\n")


if __name__ == "__main__":
    main()
