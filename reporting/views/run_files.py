"""Writes what a run leaves behind: each file whole or not at all."""

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from reporting.metrics import timeline as timelines
from reporting.metrics.latency_intervals import LatencyInterval
from reporting.metrics.outliers import FILE_NAME as OUTLIERS
from reporting.metrics.outliers import Outlier
from reporting.metrics.timeline import Timeline
from reporting.verdict import model as verdicts
from reporting.verdict.model import Verdict
from reporting.views import hdr_log
from reporting.views.junit import junit
from reporting.views.markdown import markdown
from reporting.views.page import page


def write_files(
    folder: Path,
    verdict: Verdict,
    timeline: Timeline,
    latencies: Iterable[LatencyInterval] = (),
    outliers: Sequence[Outlier] = (),
) -> None:
    """verdict.json, verdict.md, junit.xml, history.json, latency.hlog and report.html; the folder need not exist yet.

    And outliers.json, when there are any.

    Raises the first OSError, when all of them have been tried.
    """
    contents: dict[str, Callable[[], bytes]] = {
        verdicts.FILE_NAME: lambda: msgspec.json.format(msgspec.json.encode(verdict)) + b"\n",
        "verdict.md": lambda: markdown(verdict).encode(),
        "junit.xml": lambda: junit(verdict),
        timelines.FILE_NAME: lambda: msgspec.json.encode(timeline),
        hdr_log.FILE_NAME: lambda: hdr_log.hdr_log(latencies, datetime.fromisoformat(verdict.started)),
        "report.html": lambda: page(verdict, timeline).encode(),
    }
    if outliers:
        contents[OUTLIERS] = lambda: msgspec.json.encode(outliers)
    failures = []
    for name, content in contents.items():
        try:
            write(folder / name, content())
        except OSError as failure:
            failures.append(failure)
    if failures:
        raise failures[0]


def write(path: Path, content: bytes) -> None:
    """Puts the file into its place in one step; raises OSError, with nothing left, when it cannot."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
    except OSError:
        with suppress(OSError):
            unfinished.unlink()
        raise
