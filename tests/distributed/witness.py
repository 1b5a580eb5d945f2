"""What the server saw: a tap that also keeps who asked when, and over which connection."""

import base64
import itertools
import json
import re
import time
from collections import defaultdict

from tests.tap import Tap

BEARER = re.compile(rb"Authorization: Bearer [^.]+\.([^.]+)\.")


class Witness(Tap):
    """`uses` maps a signed-in user's id to its connections, each with the moments of its first and last request."""

    def __init__(self, port, host="127.0.0.1"):
        self.uses = defaultdict(dict)
        super().__init__(port, host)

    def _note(self, peer, data):
        super()._note(peer, data)
        if found := BEARER.search(data):
            claims = json.loads(base64.urlsafe_b64decode(found.group(1) + b"=="))
            first, _ = self.uses[claims["id"]].get(peer, (time.monotonic(), None))
            self.uses[claims["id"]][peer] = (first, time.monotonic())

    def shared_accounts(self):
        """The users whose account was used over two connections in the same span of time."""
        return [user for user, connections in self.uses.items() if _overlap(connections.values())]

    def addresses(self):
        """For each user, the machines that its account was used from."""
        return {user: {address for address, _ in connections} for user, connections in self.uses.items()}


def _overlap(spans):
    ordered = sorted(spans)
    return any(later[0] <= earlier[1] for earlier, later in itertools.pairwise(ordered))
