"""What was measured before on a machine of the same kind, and whether the suite has lost since."""

import platform
from collections.abc import Mapping
from pathlib import Path

import msgspec

from benchmarks.contest import Lap
from benchmarks.contestants import ROOT, SUITE

FILE = ROOT / "benchmarks" / "committed_figures.json"
YARDSTICK = "k6"
ALLOWED_LOSS = 0.1

Ratios = dict[str, float]
"""By table: how many times as many requests the suite checks per second of CPU time as the yardstick."""


def ratios(tables: Mapping[str, Mapping[str, Lap]]) -> Ratios:
    """Of every table in which both took part."""
    return {
        title: round(laps[SUITE].per_cpu_second / laps[YARDSTICK].per_cpu_second, 3)
        for title, laps in tables.items()
        if SUITE in laps and YARDSTICK in laps
    }


def kind_of_machine(processor: str) -> str:
    """Machines whose ratios may be held against each other: the same processor and Python."""
    return f"{processor}, Python {platform.python_version()}"


def committed(kind: str, file: Path = FILE) -> Ratios | None:
    """None when no such machine has been measured."""
    return _read(file).get(kind)


def commit(kind: str, found: Ratios, file: Path = FILE) -> None:
    known = _read(file) | {kind: found}
    file.write_bytes(msgspec.json.format(msgspec.json.encode(known, order="sorted"), indent=2) + b"\n")


def losses(before: Ratios, now: Ratios) -> list[str]:
    """One line for each table in which the suite has lost more than the allowed share; also where it is missing."""
    lines = []
    for title, ratio in before.items():
        found = now.get(title)
        if found is None:
            lines.append(f"{title}: not measured, it was {ratio:.2f} times {YARDSTICK}")
        elif found < ratio * (1 - ALLOWED_LOSS):
            lines.append(f"{title}: {found:.2f} times {YARDSTICK}, it was {ratio:.2f}")
    return lines


def _read(file: Path) -> dict[str, Ratios]:
    return msgspec.json.decode(file.read_bytes(), type=dict[str, Ratios]) if file.exists() else {}
