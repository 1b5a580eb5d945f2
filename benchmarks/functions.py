"""`python -m benchmarks.functions`: where the CPU time of a checked request goes, function by function, at a full core.

The suite as it runs against the clinic samples itself (`scripts/sampled_locustfile.py`); a function's share, the C and
the kernel that it calls included, is told in µs of what a request costs in the same seconds.
"""

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.clinic import open_clinic
from benchmarks.contest import Failed
from benchmarks.contestants import ROOT, SCRIPTS, Race, environment, suite
from benchmarks.mix import write_mix
from benchmarks.results_page import machine

SERVER_CORE, SUITE_CORE = 0, 1
PAGE_ROWS, USERS = 10, 50
PACKAGES = "site-packages"
TOLD = 25


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.functions", description=__doc__)
    parser.add_argument("--seconds", type=int, default=20, help="how long it runs (default: 20)")
    options = parser.parse_args()
    try:
        found = _sampled(options.seconds)
    except Failed as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    sys.stdout.write("\n".join([*_tables(found), ""]))
    return 0


def _sampled(seconds: float) -> dict[str, Any]:
    with TemporaryDirectory(prefix="functions-") as name, open_clinic(SERVER_CORE, PAGE_ROWS) as clinic:
        race = Race(clinic.url, USERS, seconds, Path(name))
        write_mix(race.folder)
        samples, log = race.folder / "samples.json", race.folder / "suite.log"
        command = ["taskset", "-c", str(SUITE_CORE), *suite(race, SCRIPTS / "sampled_locustfile.py")]
        given = {**environment(race), "SAMPLES": str(samples), "PYTHONPATH": str(ROOT)}
        with log.open("wb") as output:
            done = subprocess.run(command, cwd=ROOT, env=given, stdout=output, stderr=output, check=False)
        if not samples.exists():
            raise Failed(f"the run ended with {done.returncode}:\n{log.read_text('utf-8')[-2000:]}")
        found: dict[str, Any] = json.loads(samples.read_text("utf-8"))
        return found


def _tables(found: dict[str, Any]) -> Iterator[str]:
    functions: Counter[tuple[str, str]] = Counter()
    for file, name, count in found["samples"]:
        functions[_room(Path(file)), name] += count
    rooms: Counter[str] = Counter()
    for (room, _), count in functions.items():
        rooms[room] += count
    whole, each = sum(functions.values()), found["cpu"] / found["requests"] * 1e6
    yield f"`python -m benchmarks.functions`, {machine()} {each:.1f} µs of CPU per request; {whole:,} samples."
    for title, counted in (
        ("whose", [(room, count) for room, count in rooms.most_common()]),
        ("function", [(f"`{name}` ({room})", count) for (room, name), count in functions.most_common(TOLD)]),
    ):
        yield from ("", f"| µs | share | {title} |", "|---:|---:|---|")
        yield from (f"| {count / whole * each:.1f} | {count / whole:.1%} | {told} |" for told, count in counted)


def _room(file: Path) -> str:
    """The package, or the suite's own folder."""
    if PACKAGES in file.parts:
        return file.parts[file.parts.index(PACKAGES) + 1]
    return file.relative_to(ROOT).parts[0] if file.is_relative_to(ROOT) else "Python"


if __name__ == "__main__":
    sys.exit(main())
