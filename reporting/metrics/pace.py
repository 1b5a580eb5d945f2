"""How fast the machine is at this moment: how long it takes for a bit of work that never changes.

The same machine is slower when others share it or its clock is lower, and then the API beside it is, too. Of twenty
equal runs on one virtual machine, what this work took explained 87 % of how their medians differed, one for one
(`docs/statistics.md`).
"""

import json
import time

_ROWS = [{"id": number, "name": f"A patient of {number}", "notes": "nothing to tell " * 8} for number in range(12)]
_PAGE = json.dumps(_ROWS)


def bit_of_work() -> float:
    """Reads a page of JSON and writes it again, as everybody does who answers a request; returns the time in ms."""
    begun = time.perf_counter()
    json.dumps(json.loads(_PAGE))
    return (time.perf_counter() - begun) * 1000
