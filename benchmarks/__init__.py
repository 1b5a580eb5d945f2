"""How fast the suite is, against what, measured side by side: `python -m benchmarks`."""

import os

# Locust's own switch: this process only starts others and counts, and needs no gevent. Contestants do not inherit it.
os.environ["LOCUST_SKIP_MONKEY_PATCH"] = "1"
