"""Writes what a run leaves behind: each file whole or not at all."""

import os
from pathlib import Path

import msgspec

from reporting import timeline as timelines
from reporting import verdict as verdicts
from reporting.junit import junit
from reporting.markdown import markdown
from reporting.page import page
from reporting.timeline import Timeline
from reporting.verdict import Verdict


def write_files(folder: Path, verdict: Verdict, timeline: Timeline) -> None:
    """verdict.json, verdict.md, junit.xml, history.json and report.html, into a folder that need not exist yet."""
    write(folder / verdicts.FILE_NAME, msgspec.json.format(msgspec.json.encode(verdict)) + b"\n")
    write(folder / timelines.FILE_NAME, msgspec.json.encode(timeline))
    write(folder / "verdict.md", markdown(verdict).encode())
    write(folder / "junit.xml", junit(verdict))
    write(folder / "report.html", page(verdict, timeline).encode())


def write(path: Path, content: bytes) -> None:
    """Puts the file into its place in one step."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_bytes(content)
    unfinished.replace(path)
