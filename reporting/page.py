"""report.html."""

from reporting.timeline import Timeline
from reporting.verdict import Verdict


def page(verdict: Verdict, timeline: Timeline) -> str:
    return ""
