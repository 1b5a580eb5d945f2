"""`python -m benchmarks`: everything on one core in turn, the server on the other; medians, ratios, one page."""

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

from benchmarks.clinic import Clinic, open_clinic
from benchmarks.committed_figures import commit, committed, kind_of_machine, losses, ratios
from benchmarks.contest import Failed, Lap, medians, race_in_turn, wait_until_quiet
from benchmarks.contestants import CONTESTANTS, FLOOR, ROOT, Contestant, Race, missing, program
from benchmarks.memory_use import FEW, MANY, bytes_per_user
from benchmarks.mix import write_mix
from benchmarks.own_time import own_time
from benchmarks.results_page import machine, processor, put_between_markers, speed_table, truth_table
from benchmarks.truth import Findings, find_truth

PAGE = ROOT / "docs" / "performance.md"
SERVER_CORE, CONTESTANT_CORE = 0, 1
PAGE_ROWS, LONG_PAGE_ROWS = 10, 100
RATE = 500
"""Requests per second that everyone can send on one core."""
PAGES, LONG_PAGES = f"Pages of {PAGE_ROWS} rows", f"Pages of {LONG_PAGE_ROWS} rows"
OVER_TLS, AT_A_RATE = f"Over TLS, pages of {PAGE_ROWS} rows", f"At {RATE} requests a second, pages of {PAGE_ROWS} rows"
GOALS = {
    PAGES: {"k6": 6.0, "FastHttpUser": 5.0, "HttpUser": 15.0, "autocannon": 1.0, "Artillery": 1.0, FLOOR: 1 / 3},
    OVER_TLS: {"FastHttpUser": 3.0},
}
"""How many times as many requests per second of CPU time the suite is to check."""
TRUTH_USERS, TRUTH_SECONDS = 500, 20.0


def main() -> int:
    options = _options()
    lacking = missing()
    for line in lacking:
        print(line, file=sys.stderr)
    if any(line.startswith("nginx") for line in lacking):
        return 2
    if (os.cpu_count() or 1) < 2:
        print("two cores are needed: one for the server, one for who is measured", file=sys.stderr)
        return 2
    kind = kind_of_machine(processor())
    before = committed(kind)
    if options.check and before is None:
        print(f"no figures of such a machine are committed ({kind}): measure them with --write", file=sys.stderr)
        return 2
    try:
        tables = _race(options)
        report = [] if options.check else _report(options, tables)
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    print("\n".join(report))
    if options.write:
        put_between_markers(PAGE, "benchmarks", report)
        commit(kind, ratios(tables))
    lost = losses(before or {}, ratios(tables)) if options.check else []
    print("\n".join(lost))
    return 1 if lost else 0


def _race(options: argparse.Namespace) -> dict[str, dict[str, Lap]]:
    """The medians of all contestants, by the title of the table."""
    able = [one for one in CONTESTANTS if program(one.program)]
    at_a_rate = [one for one in able if one.keeps_a_rate]
    encrypted = [one for one in able if one.speaks_tls]
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as folder:
        race = Race("", options.users, options.seconds, Path(folder))
        write_mix(race.folder)

        def table(contestants: Sequence[Contestant], clinic: Clinic, race: Race) -> dict[str, Lap]:
            return medians(race_in_turn(contestants, clinic, race, options.rounds, options.patience))

        with open_clinic(SERVER_CORE, PAGE_ROWS) as clinic:
            plain = replace(race, url=clinic.url)
            tables = {
                PAGES: table(able, clinic, plain),
                OVER_TLS: table(encrypted, clinic, replace(race, url=clinic.tls_url)),
                AT_A_RATE: table(at_a_rate, clinic, replace(plain, rate=RATE)),
            }
        with open_clinic(SERVER_CORE, LONG_PAGE_ROWS) as clinic:
            return tables | {LONG_PAGES: table(able, clinic, replace(race, url=clinic.url))}


def _report(options: argparse.Namespace, tables: Mapping[str, Mapping[str, Lap]]) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as folder, open_clinic(SERVER_CORE) as clinic:
        race = Race(clinic.url, options.users, options.seconds, Path(folder))
        wait_until_quiet(options.patience)
        own = own_time(race, CONTESTANT_CORE)
        memory = bytes_per_user(clinic, race, CONTESTANT_CORE)
    wait_until_quiet(options.patience)
    truth = _measure_truth()
    shown = [("", f"{title}:", "", speed_table(laps, GOALS.get(title, {}))) for title, laps in tables.items()]
    return [
        f"`{options.command}`, {machine()}",
        *chain(*shown),
        "",
        f"One request of a single user costs {own['p50']:.0f} µs of CPU time (p50; p95 {own['p95']:.0f}, "
        f"p99 {own['p99']:.0f}), waiting excluded, system calls included.",
        f"One more signed-in user takes {memory / 1000:.1f} KB (resident size, {FEW:,} against {MANY:,} users).",
        "",
        truth_table(truth),
        "",
        f"{TRUTH_USERS} users, {truth.requests:,} requests in the steady state; the generator took "
        f"{truth.cpu_share:.0%} of its core, and its own lag was {truth.lag_p99:.1f} ms (p99).",
    ]


def _measure_truth() -> Findings:
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as folder:
        cores = (str(SERVER_CORE), str(CONTESTANT_CORE))
        return find_truth(Path(folder), TRUTH_USERS, TRUTH_SECONDS, cores)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="laps of each contestant")
    parser.add_argument("--seconds", type=float, default=8.0, help="length of a lap")
    parser.add_argument("--users", type=int, default=50, help="users (connections) of each contestant")
    parser.add_argument("--patience", type=float, default=0, help="seconds to wait, before a lap, for a quiet machine")
    parser.add_argument("--write", action="store_true", help=f"put the figures into {PAGE.relative_to(ROOT)}")
    parser.add_argument("--check", action="store_true", help="only compare with what is committed of such a machine")
    options = parser.parse_args()
    shown = f"--rounds {options.rounds} --seconds {options.seconds:g} --users {options.users}"
    options.command = f"python -m benchmarks {shown}"
    return options


if __name__ == "__main__":
    sys.exit(main())
