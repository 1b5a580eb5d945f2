"""`python -m benchmarks.watching_cost`: what it costs to keep outliers, to send a traceparent, to watch.

Each part is timed alone, in CPU time, since it is far below what a machine scatters by between two whole calls.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable

from api.endpoints import LIST_PATIENTS
from api.transport.tracing import Tracer
from api.transport.trail import Trail
from benchmarks import watched_server
from reporting.metrics.outliers import OutlierBook
from run.watch_postgres import PostgresSource
from run.watch_process import PID, ProcessSource

ROUNDS = 7
LOOKS = 50
PACED_LOOKS = 20
REQUESTS_PER_TASK = 2


def microseconds(part: Callable[[], object], calls: int) -> float:
    """CPU time of one call, the loop taken off; the best of some rounds is what the machine disturbed least."""

    def spent(work: Callable[[], object]) -> float:
        began = time.process_time()
        for _ in range(calls):
            work()
        return (time.process_time() - began) / calls * 1e6

    return min(spent(part) for _ in range(ROUNDS)) - min(spent(lambda: None) for _ in range(ROUNDS))


def at_its_pace(look: Callable[[], object]) -> float:
    """CPU time of one call a second, since a look that took long makes the next one do less."""
    spent = 0.0
    for _ in range(PACED_LOOKS):
        began = time.process_time()
        look()
        spent += time.process_time() - began
        time.sleep(1)
    return spent / PACED_LOOKS * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=200_000)
    parser.add_argument("--call", type=float, default=45.1, help="µs of CPU of a whole request (docs/performance.md)")
    parser.add_argument("--postgres", metavar="DSN", help="also what it costs to watch this database")
    parser.add_argument("--server", action="store_true", help="only what it costs a real API and its PostgreSQL")
    options = parser.parse_args()
    if options.server:
        sys.stdout.writelines(f"{line}\n" for line in watched_server.lines())
        return
    trail, book, tracer = Trail(), OutlierBook(), Tracer(0.01)
    book.bars[id(LIST_PATIENTS)] = 900.0
    numbers = iter(range(1 << 60))

    def keep() -> None:
        """As for a request that is neither slow nor failed, and the share of a task's beginning."""
        if next(numbers) % REQUESTS_PER_TASK == 0:
            trail.begin("task")
        trail.add(LIST_PATIENTS, "/target", None)
        if book.bars.get(id(LIST_PATIENTS), 0.0) < 12.0:
            raise AssertionError

    for name, part in {"outliers": keep, "a traceparent": tracer.next}.items():
        cost = microseconds(part, options.calls)
        sys.stdout.write(f"{name}: {cost:.2f} µs of CPU per request, {cost / options.call:.2%} of a request\n")
    source = ProcessSource(f"{PID}:{os.getppid()}")
    source.start()
    cost = microseconds(source.sample, LOOKS)
    sys.stdout.write(f"watching a process: {cost / 1000:.2f} ms of CPU each second, {cost / 1e6:.2%} of a core\n")
    if options.postgres:
        database = PostgresSource(options.postgres)
        database.start()
        database.begin(time.time())
        cost = at_its_pace(database.sample)
        database.close()
        sys.stdout.write(f"watching a database: {cost / 1000:.2f} ms of CPU each second, {cost / 1e6:.2%} of a core\n")


if __name__ == "__main__":
    main()
