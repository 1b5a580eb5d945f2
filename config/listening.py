"""Where a run listens: on this machine only, and for its own workers on a port that is its own."""

from locust.argument_parser import LocustArgumentParser

import socket

LOOPBACK = "127.0.0.1"
USUAL_MASTER_PORT = 5557


def listen_to_this_machine(parser: LocustArgumentParser) -> None:
    """Web UI, /metrics and master are open to other machines only where --web-host and --master-bind-host say so.

    Two runs with --processes would share Locust's usual port, and one would take the other's workers.
    """
    parser.set_defaults(web_host=LOOPBACK, master_bind_host=LOOPBACK, master_port=0, master_bind_port=0)
    given, _ = parser.parse_known_args()
    named = given.master_bind_port or given.master_port
    port = named or (_free_port() if given.processes else USUAL_MASTER_PORT)
    parser.set_defaults(master_port=port, master_bind_port=port)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
