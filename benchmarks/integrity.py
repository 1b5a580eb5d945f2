"""`python -m benchmarks.integrity`: whether the races find every mutant of the sandbox, and accuse no sound API."""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.contestants import FOREIGN, ROOT
from benchmarks.ports import free_port
from benchmarks.results_page import machine, put_between_markers

PAGE = ROOT / "docs" / "integrity.md"
USERS = 30
END_SECONDS = 120.0
SOUND: Mapping[str, Sequence[str]] = {
    "as it is": (),
    "double booking forbidden": ("--forbid-double-booking",),
    "two workers": (),
    "restarted in the midst": ("--restart-after", "10"),
    "roles kept": ("--enforce-roles",),
    "other ids, sequences behind": ("--id-offset", "100", "--sequences-behind"),
    "a zone of its own": ("--time-zone", "America/Mexico_City"),
    "slow": ("--latency", "15"),
}
"""Ways in which an API without a mutant may be, one after the other."""
FORBIDDING = frozenset({"double booking forbidden", "double-booking"})
DISTRIBUTED = frozenset({"two workers"})


@dataclass(frozen=True)
class Raced:
    """One run: what it was like, with which mutant if any, and which invariants it says were broken."""

    name: str
    mutant: bool
    seconds: int
    broken: dict[str, int] = field(default_factory=dict)
    looked: int = 0
    undecided: int = 0
    interruptions: int = 0
    checking: float = 0.0
    process: float = 0.0
    failure: str = ""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.integrity", description=__doc__)
    parser.add_argument("--mutant-runs", type=int, default=1, help="runs with each mutant")
    parser.add_argument("--mutant-seconds", type=int, default=60)
    parser.add_argument("--clean-runs", type=int, default=100, help="runs without one, in several ways")
    parser.add_argument("--clean-seconds", type=int, default=20)
    parser.add_argument("--log", type=Path, default=ROOT / "results" / "integrity.jsonl", help="a line for each run")
    parser.add_argument("--table-only", action="store_true", help="run nothing, make the tables of the log")
    parser.add_argument("--write", action="store_true", help=f"put the tables into {PAGE.relative_to(ROOT)}")
    options = parser.parse_args()
    if not options.table_only:
        options.log.parent.mkdir(parents=True, exist_ok=True)
        for raced in _runs(options):
            with options.log.open("a", encoding="utf-8") as log:
                log.write(json.dumps(asdict(raced)) + "\n")
    runs = [Raced(**json.loads(line)) for line in options.log.read_text("utf-8").splitlines()]
    lines = list(_tables(runs))
    sys.stdout.write("\n".join(lines) + "\n")
    if options.write:
        put_between_markers(PAGE, "races", lines)
    return 0


def _runs(options: argparse.Namespace) -> Iterator[Raced]:
    for _ in range(options.mutant_runs):
        for mutant in _mutants():
            yield _run(mutant, ("--mutant", mutant), options.mutant_seconds, mutant=True)
    ways = list(SOUND.items())
    for number in range(options.clean_runs):
        name, arguments = ways[number % len(ways)]
        yield _run(name, arguments, options.clean_seconds, mutant=False)


def _mutants() -> list[str]:
    """As the sandbox itself names them."""
    command = [sys.executable, "-m", "sandbox", "--help"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    found = re.search(r"--mutant\s+\{([^}]*)\}", told)
    assert found is not None
    return re.findall(r"[\w-]+", found[1])


def _run(name: str, arguments: Sequence[str], seconds: int, *, mutant: bool) -> Raced:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(FOREIGN)}
    environment |= {"CMS_DOTENV": os.devnull}
    with tempfile.TemporaryDirectory(prefix="races-") as folder:
        policies = Path(folder) / "policies.toml"
        policies.write_text(f'[policies]\ndouble_booking = "{"forbidden" if name in FORBIDDING else "allowed"}"\n')
        command = [sys.executable, "-m", "locust", "--config", "config/scenarios/integrity.conf"]
        command += ["-u", str(USERS), "-t", f"{seconds}s", "--results", folder, "--policies", str(policies)]
        command += [f"--sandbox-args={' '.join(arguments)}"] if arguments else []
        if name in DISTRIBUTED:
            port = str(free_port())
            command += ["--processes", "2", "--master-bind-host", "127.0.0.1"]
            command += ["--master-bind-port", port, "--master-port", port]
        limit = seconds + END_SECONDS
        try:
            ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, timeout=limit, check=False)
        except subprocess.TimeoutExpired:
            return Raced(name, mutant, seconds, failure=f"it did not end within {limit:g} s")
        verdicts = list(Path(folder).glob("*/verdict.json"))
        if not verdicts:
            return Raced(name, mutant, seconds, failure=ended.stderr.decode(errors="replace")[-300:])
        return _raced(name, mutant, seconds, json.loads(verdicts[0].read_text("utf-8"))["integrity"])


def _raced(name: str, mutant: bool, seconds: int, report: Mapping[str, Any]) -> Raced:
    rows = report["rows"]
    return Raced(
        name,
        mutant,
        seconds,
        {row["invariant"]: row["broken"] for row in rows if row["broken"]},
        sum(row["kept"] + row["broken"] for row in rows),
        sum(row["undecided"] for row in rows),
        report["interruptions"],
        report["checking_cpu"],
        report["process_cpu"],
    )


def _tables(runs: Sequence[Raced]) -> Iterator[str]:
    planted, sound = [run for run in runs if run.mutant], [run for run in runs if not run.mutant]
    yield f"`python -m benchmarks.integrity`, {USERS} users, {machine().partition(', k6')[0].rstrip('.')}."
    yield ""
    yield "| mutant | runs | seconds each | found | by |"
    yield "| --- | ---: | ---: | ---: | --- |"
    for name, those in _by_name(planted):
        by = "; ".join(dict.fromkeys(broken for run in those for broken in run.broken))
        found = sum(bool(run.broken) for run in those)
        yield f"| `{name}` | {len(those)} | {_seconds(those)} | {found} | {by} |"
    yield ""
    yield "| no mutant | runs | seconds each | accused | decided | undecided |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for name, those in [*_by_name(sound), ("all", sound)]:
        accused = sum(bool(run.broken or run.failure) for run in those)
        decided, undecided = sum(run.looked for run in those), sum(run.undecided for run in those)
        yield f"| {name} | {len(those)} | {_seconds(those)} | {accused} | {decided:,} | {undecided:,} |"
    yield ""
    shares = sorted(run.checking / run.process for run in runs if run.process)
    if shares:
        yield (
            f"Checking took {shares[len(shares) // 2]:.1%} of the generator's CPU in half of all runs, "
            f"{shares[-1]:.1%} at most."
        )


def _by_name(runs: Iterable[Raced]) -> Iterator[tuple[str, list[Raced]]]:
    runs = list(runs)
    for name in dict.fromkeys(run.name for run in runs):
        yield name, [run for run in runs if run.name == name]


def _seconds(runs: Sequence[Raced]) -> str:
    return " and ".join(str(seconds) for seconds in dict.fromkeys(run.seconds for run in runs))


if __name__ == "__main__":
    sys.exit(main())
