"""Whether the system gives as many open files as the users need: each holds a connection."""

from argparse import Namespace

from api.transport.descriptors import RESERVED, resource
from config.errors import MachineError

BESIDE_THE_USERS = 32 + RESERVED
"""Locust's CSV files, the sandbox's pipes, outputs, sockets between processes, and what no connection may take."""


def refuse_too_few_open_files(options: Namespace) -> None:
    """Raises MachineError when the users could not all be connected. Locust has raised the limit by then, if it may."""
    if resource is None:
        return
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    processes = options.processes if options.processes and options.processes > 0 else 1
    needed = BESIDE_THE_USERS + -(-(options.num_users or 1) // processes)
    if allowed != resource.RLIM_INFINITY and allowed < needed:
        raise MachineError(f"{allowed} open files are too few for this run", f"allow {needed} with ulimit -n {needed}")
