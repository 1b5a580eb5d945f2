"""`python -m benchmarks.bottlenecks FOLDER`: ten planted causes of slowness, and what each run said first.

A real PostgreSQL, the sandbox on it with one thing wrong, a real Locust that watches both. Nothing is simulated.
"""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.results_page import put_between_markers
from tests.postgres import PASSWORD, Postgres, postgres
from tests.processes import ROOT, clean_environment, start_sandbox

PAGE = ROOT / "docs" / "why.md"
TEMPLATE = "clinic"
CLINIC = ("--patients", "2000", "--appointments", "150000")
SLO = "[everything]\np95 = 150\nfailure_ratio = 0.5\n"
SECONDS, USERS = 40, 20
NOTHING = ""
"""What a healthy run says."""


@dataclass(frozen=True)
class Case:
    """`options` plant it in the sandbox; `right` is a pattern of the first line that names it, or NOTHING."""

    name: str
    options: str
    right: str
    users: int = USERS


CASES = (
    Case("an index dropped", "--bottleneck no-index", r"table cita .*read from end to end.*index on cita \("),
    Case(
        "a statement per row",
        "--bottleneck row-by-row",
        r"was called [\d,]+ times for each (GET /api/appointments/citas|request).*a statement for each row",
    ),
    Case("a lock held", "--bottleneck held-lock", r"waited .* for a lock, .*held by `LOCK TABLE auditoria"),
    Case("a pool of two connections", "--bottleneck held-connection --pool 2", r"^All 2 connections of cms-sandbox"),
    Case(
        "a route that burns CPU",
        "--bottleneck busy-route",
        r"a core.*most of it was of GET /api/appointments/citas",
        40,
    ),
    Case(
        "a slow disk, by pg_sleep", "--bottleneck slow-disk", r"pg_sleep.*of GET /api/appointments/consultas.*PgSleep"
    ),
    Case("a table scan that grows", "--bottleneck growing-scan", r"table auditoria .*read from end to end.*grew"),
    Case(
        "sign-ins that hash in the only thread",
        "--bottleneck costly-sign-in --token-ttl 6",
        r"a core.*most of it was of POST /api/auth/login",
        40,
    ),
    Case("a slow dependency", "--bottleneck slow-service", r"GET /api/insurance/policies.*waits for something"),
    Case("a leak of memory", "--bottleneck leak", r"memory .*grew"),
    Case("nothing", "", NOTHING),
)


@dataclass(frozen=True)
class Told:
    """What a run said first, and whether that is right."""

    case: Case
    first: str

    @property
    def is_right(self) -> bool:
        return re.search(self.case.right, self.first) is not None if self.case.right else not self.first


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bottlenecks", description=__doc__)
    parser.add_argument("folder", type=Path, help="where the runs leave their results")
    parser.add_argument("--only", metavar="TEXT", default="", help="the cases whose name has this in it")
    parser.add_argument("--seconds", type=int, default=SECONDS, help="of each run (default: %(default)s)")
    parser.add_argument("--write", action="store_true", help=f"put the table into {PAGE.relative_to(ROOT)}")
    options = parser.parse_args()
    told = []
    with postgres() as server:
        make_clinic(server, *CLINIC)
        for case in (case for case in CASES if options.only in case.name):
            told.append(run_case(server, case, options.folder.resolve() / _folder(case), options.seconds))
            sys.stdout.write(f"{case.name}: {'right' if told[-1].is_right else 'WRONG'}: {told[-1].first}\n")
            sys.stdout.flush()
    lines = table(told)
    sys.stdout.write("\n".join(lines) + "\n")
    if options.write:
        put_between_markers(PAGE, "bottlenecks", lines)
    return 0


def table(told: Iterable[Told]) -> Sequence[str]:
    """As Markdown; a bar within a cell would end it."""
    rows = [(one.case.name, one.first.replace("|", "\\|") or "-", "yes" if one.is_right else "no") for one in told]
    return ["| planted | the first line | right |", "| --- | --- | --- |", *(f"| {' | '.join(row)} |" for row in rows)]


def make_clinic(server: Postgres, *size: str) -> None:
    """Once, to be copied for each case; `size` are options of the sandbox."""
    server.run(f"CREATE DATABASE {TEMPLATE}")
    dsn = server.dsn_of("owner", database=TEMPLATE)
    with start_sandbox(*size, database=dsn):
        pass
    server.run("CREATE EXTENSION pg_stat_statements", "VACUUM ANALYZE", database=TEMPLATE)


def run_case(server: Postgres, case: Case, folder: Path, seconds: int) -> Told:
    """One run that leaves its results in `folder`."""
    name = _folder(case)
    server.run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "slo.toml").write_text(SLO, "utf-8")
    with ExitStack() as stack:
        sandbox = stack.enter_context(
            start_sandbox(*case.options.split(), database=server.dsn_of("owner", database=name))
        )
        words = ["--headless", "--only-summary", "-u", str(case.users), "-r", str(case.users), "-t", f"{seconds}s"]
        words += ["--think-time", "0.1-0.5", "--host", sandbox.url, "--slo", str(folder / "slo.toml")]
        words += ["--watch-postgres", server.dsn_of("monitor", database=name)]
        words += ["--watch-process", f"port:{sandbox.url.rsplit(':', 1)[1]}"]
        env = clean_environment({"PGPASSWORD": PASSWORD, "CMS_RESULTS": str(folder)})
        with (folder / "output.log").open("wb") as output:
            command = [sys.executable, "-m", "locust", *words]
            subprocess.run(command, cwd=ROOT, env=env, stdout=output, stderr=output, timeout=seconds + 120, check=False)
    server.run(f"DROP DATABASE {name} WITH (FORCE)")
    verdict = max(folder.glob("*/verdict.json"), key=lambda path: path.stat().st_mtime)
    watched = json.loads(verdict.read_text("utf-8"))["watched"]
    return Told(case, next(iter(watched["sentences"]), ""))


def _folder(case: Case) -> str:
    return re.sub(r"\W+", "_", case.name).lower()


if __name__ == "__main__":
    sys.exit(main())
