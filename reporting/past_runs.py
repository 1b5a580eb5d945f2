"""The folders that runs have left, read back."""

import re
from pathlib import Path

import msgspec

from config.errors import SetupError
from reporting.metrics import timeline as timeline_file
from reporting.metrics.timeline import Timeline
from reporting.verdict import model as verdict_file
from reporting.verdict.comparison import Run
from reporting.verdict.model import SCHEMA, Verdict

FOLDER = re.compile(r"-(?P<time>\d{8}T\d{6}Z)(-(?P<number>\d+))?$")


def read_run(folder: Path) -> Run:
    """Raises SetupError when a file is missing, cut off, or of another schema."""
    return Run(folder, read_verdict(folder), read_timeline(folder))


def folders_of_runs(results: Path) -> list[Path]:
    """The folders with a verdict, the oldest first."""
    return sorted((path.parent for path in results.glob("*/verdict.json")), key=_age)


def _age(folder: Path) -> tuple[str, int, str]:
    """When its run began, and which of several in that second it is: `light-20260101T100000Z-2` is the second."""
    found = FOLDER.search(folder.name)
    return (found["time"], int(found["number"] or 1), folder.name) if found else ("", 0, folder.name)


class _Versioned(msgspec.Struct):
    schema: int | None = None


def read_verdict(folder: Path) -> Verdict:
    """The verdict in a run's folder. Raises SetupError when it is missing, cut off, or of another schema."""
    path = folder / verdict_file.FILE_NAME
    try:
        text = path.read_bytes()
        schema = msgspec.json.decode(text, type=_Versioned).schema
    except OSError as failure:
        raise SetupError(f"{path}: {failure.strerror}", "name the folder of a run that has ended") from None
    except msgspec.MsgspecError:
        raise SetupError(f"{path} is cut off or no verdict", "make the run again, or take another one") from None
    if schema != SCHEMA:
        raise SetupError(f"{path} has schema {schema}, not {SCHEMA}", "compare it with the suite that wrote it")
    try:
        return msgspec.json.decode(text, type=Verdict)
    except msgspec.MsgspecError as wrong:
        raise SetupError(f"{path} is damaged: {wrong}", "make the run again, or take another one") from None


def read_timeline(folder: Path) -> Timeline:
    """The history in a run's folder. Raises SetupError when it is missing or cut off."""
    path = folder / timeline_file.FILE_NAME
    try:
        return msgspec.json.decode(path.read_bytes(), type=Timeline)
    except OSError as failure:
        raise SetupError(f"{path}: {failure.strerror}", "name the folder of a run that has ended") from None
    except msgspec.MsgspecError as wrong:
        raise SetupError(f"{path} is cut off or damaged: {wrong}", "make the run again, or take another one") from None
