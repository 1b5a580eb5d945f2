"""What a running CMS answered: the recordings that the sandbox and the suite's schemas are held against."""

import json
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent


def read_recordings(name: str) -> list[dict[str, Any]]:
    """The lines of `exchanges.jsonl` or `probes.jsonl`; the README beside them says what their keys mean."""
    return [json.loads(line) for line in _FOLDER.joinpath(name).read_text("utf-8").splitlines()]


def recorded_headers() -> dict[str, str]:
    """What every answer carries besides what says how it is to be read and how long the connection is kept."""
    headers: dict[str, str] = json.loads(_FOLDER.joinpath("headers.json").read_text("utf-8"))
    return headers
