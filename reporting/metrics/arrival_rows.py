"""The rows of Locust's statistics that tell of arrivals: they are no requests, and in no total."""

ROW_TYPE = "ARRIVAL"
STARTED, MISSED = "started (ms too late)", "missed"
