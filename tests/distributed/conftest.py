"""A cluster of real processes, and what it leaves behind."""

import json
import sys
from contextlib import ExitStack

import pytest

from tests.distributed.witness import Witness
from tests.processes import LocustProcess, clean_environment, free_port


@pytest.fixture
def witness(sandbox):
    """Between the cluster and a fresh sandbox; its `url` is the cluster's host."""
    witness = Witness(int(sandbox.url.rsplit(":", 1)[1]))
    yield witness
    witness.close()


@pytest.fixture
def cluster(tmp_path):
    """`cluster(host, *options, workers=3)`: a master that waits for so many workers, and those, until the test ends."""
    with ExitStack() as stack:
        yield lambda *args, **options: Cluster(stack, tmp_path, *args, **options)


class Cluster:
    """A running master and its workers; another one may join at any time.

    `address` is the master's own; `machines` has, for each worker, the words that start a program where it is to run.
    """

    def __init__(self, stack, folder, host, *options, workers=3, address="127.0.0.1", machines=()):
        self._stack = stack
        self._folder = folder
        self._address = address
        self._port = str(free_port())
        self.master = self._start(
            *("--master", "--headless", "--only-summary", "--expect-workers", str(workers), "--host", host),
            *("--master-bind-host", address, "--master-bind-port", self._port, "--results", str(folder)),
            *options,
        )
        self.workers = [self.join(*machine) for machine in machines or [()] * workers]

    def join(self, *machine):
        """One more worker."""
        return self._start("--worker", "--master-host", self._address, "--master-port", self._port, machine=machine)

    def verdict(self):
        """The verdict of the run, once the master has ended."""
        (path,) = self._folder.rglob("verdict.json")
        return json.loads(path.read_text("utf-8"))

    def _start(self, *args, machine=()):
        command = [*machine, sys.executable, "-m", "locust", *args]
        return self._stack.enter_context(LocustProcess(command, clean_environment()))
