"""The verdict in the summary of a CI job."""

import logging

from reporting.verdict.model import Verdict
from reporting.views.markdown import markdown

logger = logging.getLogger(__name__)


def add_to_job_summary(path: str | None, verdict: Verdict) -> None:
    """Appends verdict.md to the file that GitHub Actions names; a file that cannot be written costs a warning only."""
    if not path:
        return
    try:
        with open(path, "a", encoding="utf-8") as summary:
            summary.write(f"{markdown(verdict)}\n")
    except OSError as failure:
        logger.warning("--job-summary %s could not be written (%s): see verdict.md instead", path, failure.strerror)
