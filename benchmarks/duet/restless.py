"""A machine on which somebody else computes now and then: two busy loops that come and go together."""

import multiprocessing
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager

LOOPS = 2
SPELL_SECONDS = (3.0, 12.0)
"""How long the machine is busy, and how long it is left alone; drawn anew each time."""


@contextmanager
def restless_machine(seed: int) -> Iterator[None]:
    """Busy loops until the end of the `with` block; the seed repeats their spells."""
    loops = [multiprocessing.Process(target=_come_and_go, args=(seed,), daemon=True) for _ in range(LOOPS)]
    for loop in loops:
        loop.start()
    try:
        yield
    finally:
        for loop in loops:
            loop.terminate()
            loop.join()


def _come_and_go(seed: int) -> None:
    """As long as whoever has started it is there."""
    rng, parent = random.Random(seed), multiprocessing.parent_process()
    while parent is not None and parent.is_alive():
        busy_until = time.monotonic() + rng.uniform(*SPELL_SECONDS)
        while time.monotonic() < busy_until:
            sum(range(10_000))
        time.sleep(rng.uniform(*SPELL_SECONDS))
