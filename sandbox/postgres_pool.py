"""The connections of the sandbox to PostgreSQL, shared by its greenlets as the pool of a Node process shares them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from gevent.local import local
from gevent.queue import LifoQueue
from psycopg.abc import AdaptContext, Buffer
from psycopg.adapt import Dumper
from psycopg.pq import TransactionStatus

Connection = psycopg.Connection[tuple[Any, ...]]
APPLICATION = "cms-sandbox"
_CONNECT_SECONDS = 5


class Pool:
    """At most `size` connections, opened when they are needed; who finds none that is free waits for one."""

    def __init__(self, dsn: str, size: int) -> None:
        self._dsn = dsn
        self._free: LifoQueue = LifoQueue()
        self._own = local()
        for _ in range(size):
            self._free.put(None)  # not yet opened

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """Within a transaction of this greenlet, the one that it holds."""
        if (held := getattr(self._own, "connection", None)) is not None:
            yield held
            return
        taken: Connection | None = self._free.get()
        try:
            if taken is None:
                taken = self._connect()
            yield taken
        finally:
            if taken is not None and taken.closed:
                self._reopen_all()
            self._free.put(taken if taken is not None and _is_idle(taken) else None)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """What this greenlet asks within goes to one connection; one within another can be undone on its own."""
        with self.connection() as connection, connection.transaction():
            outer = getattr(self._own, "connection", None)
            self._own.connection = connection
            try:
                yield
            finally:
                self._own.connection = outer

    def close(self) -> None:
        """Those that a request still holds end with the process."""
        for _ in range(self._free.qsize()):
            if (connection := self._free.get()) is not None:
                connection.close()

    def _reopen_all(self) -> None:
        """Where one has broken, as when the server was started anew, the others hardly live."""
        free = self._free.qsize()
        self.close()
        for _ in range(free):
            self._free.put(None)

    def _connect(self) -> Connection:
        connection = psycopg.connect(
            self._dsn, autocommit=True, connect_timeout=_CONNECT_SECONDS, application_name=APPLICATION
        )
        connection.adapters.register_dumper(int, _PlainNumber)
        return connection


class _PlainNumber(Dumper):
    """A number without a type, as Node's driver sends it: by its size, psycopg would make several statements of one."""

    def __init__(self, cls: type, context: AdaptContext | None = None) -> None:
        super().__init__(cls, context)
        self.oid = 0

    def dump(self, obj: Any) -> Buffer:
        return str(obj).encode()


def _is_idle(connection: Connection) -> bool:
    """Whether the next one can use it. A request that was killed leaves a connection in the midst of a statement."""
    if connection.info.transaction_status == TransactionStatus.IDLE:
        return True
    connection.close()
    return False
