"""`locust` as the set-up puts it into venv/bin: Locust's own, which also shows the suite's options in --help.

Locust prints its help before it loads any locustfile, so that nothing else could have told it of them.
"""

from locust import events
from locust.main import main as locust

import sys

from config.known_roles import import_roles
from config.parser import add_options

HELP = {"-h", "--help"}


def main() -> None:
    sys.argv[0] = "locust"
    if HELP & set(sys.argv):
        import_roles()
        events.init_command_line_parser.add_listener(add_options)
    locust()


if __name__ == "__main__":
    main()
