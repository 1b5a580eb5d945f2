"""The W3C `traceparent` of each request, so that its way through the API can be found by whoever traces there."""

import secrets

HEADER = "traceparent"


class Tracer:
    """One user's: trace ids that nobody else has, and of them a share that asks to be recorded.

    The ids are a random part for each user and a number: fresh randomness for each request would cost more than all
    else that is done here.
    """

    __slots__ = ("_due", "_number", "_prefix", "_share")

    def __init__(self, share: float) -> None:
        self._share = share
        self._prefix = secrets.token_hex(12)
        self._number = 0
        self._due = secrets.randbelow(1000) / 1000

    def next(self) -> str:
        """`00-<trace id>-<span id>-<01 when sampled>`"""
        self._number = number = self._number + 1
        self._due += self._share
        if self._due >= 1.0:
            self._due -= 1.0
            return f"00-{self._prefix}{number:08x}-{number:016x}-01"
        return f"00-{self._prefix}{number:08x}-{number:016x}-00"
