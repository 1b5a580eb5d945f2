"""The queries of `watch.toml`: what a Prometheus is asked about the time of a run."""

import tomllib
from pathlib import Path
from typing import Final

import msgspec

from config.errors import SetupError
from config.options import ROOT

PATH: Final = ROOT / "config" / "watch.toml"
WINDOW: Final = "$window"


class SeriesQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`name` may hold labels, such as `{instance}`; at `full` there is no more to be had."""

    name: str
    unit: str
    query: str
    full: float | None = None


class WatchFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    series: list[SeriesQuery]
    window: str = "1m"


def series_queries(path: Path = PATH) -> list[SeriesQuery]:
    """Raises SetupError for a file that cannot be read or that is not as it should be."""
    try:
        read = msgspec.convert(tomllib.loads(path.read_text("utf-8")), WatchFile)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as problem:
        raise SetupError(f"{path}: {problem}", "write [[series]] with a name, a unit and a query") from None
    except OSError as problem:
        raise SetupError(f"{path}: {problem.strerror}", "restore it") from None
    return [msgspec.structs.replace(one, query=one.query.replace(WINDOW, read.window)) for one in read.series]
