"""Texts of failures, bounded in number: those that differ by ids alone are one, and what comes after the last is none.

Locust keeps one entry per text and the API has a say in many of them, so a text with an id in it would fill the memory.
"""

import re
from collections import defaultdict
from collections.abc import Hashable

from api.failures import RequestFailed

MAX_TEXTS = 30
OTHERS = "further failures of other kinds"
_IDS = re.compile(r"[0-9a-fA-F]*[0-9][0-9a-fA-F]*")


class FailureTexts:
    """The texts of one test: of each kind on a route, the first stands for all that differ from it by numbers only."""

    def __init__(self) -> None:
        self._of_a_route: defaultdict[Hashable, dict[tuple[int | None, str], str]] = defaultdict(dict)

    def settle(self, route: Hashable, failure: RequestFailed) -> None:
        """Gives a failure on `route` the text of its kind, and takes away whatever else it holds on to.

        Its traceback leads to the frames of the request, and those to the answer's body.
        """
        text = str(failure)
        kind = failure.status, _IDS.sub("#", text)
        first = self._of_a_route[route]
        if kind not in first and len(first) < MAX_TEXTS:
            first[kind] = text
        failure.args = (first.get(kind, _other(failure)),)
        failure.__context__ = failure.__cause__ = None
        failure.__traceback__ = None


def _other(failure: RequestFailed) -> str:
    """The status stays: by it people see whose fault it is."""
    told = str(failure).partition(" (")[0]
    return f"{told} ({OTHERS})" if failure.status is not None else OTHERS
