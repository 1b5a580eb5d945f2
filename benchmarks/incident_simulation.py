"""Whether incidents are found, and none where there are none: users, answers and trouble on a clock of its own.

`python -m benchmarks.incident_simulation` writes its table into docs/why.md with --write. Everything is simulated but
what is judged: the answers go into the suite's own store, second by second, and its own detection looks for incidents.
"""

import argparse
import heapq
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from random import Random

from benchmarks.contestants import ROOT
from benchmarks.results_page import put_between_markers
from reporting.find_incidents import incidents_of
from reporting.metrics.histogram import rounded
from reporting.metrics.recorder import LAG, SAID
from reporting.metrics.store import MetricsStore
from reporting.verdict.incidents import Incident
from users.run_context import LoadPlan

PAGE = ROOT / "docs" / "why.md"
START, SECONDS, RAMP = 1_000_000, 120, 5
ROUTES = {f"/route/{number}": median for number, median in enumerate((2, 3, 4, 5, 8, 12, 20, 30, 45, 60))}
"""Their paths, with the median of their answer times in ms; the logarithm scatters by SCATTER."""
SCATTER = 0.8
BACKGROUND_FAILURES = 0.002
HICCUP_EVERY, HICCUP_SECONDS = 15.0, (0.05, 0.4)
"""Now and then all answers wait for a moment, as behind a garbage collector."""
CLOSED = "the server closed the connection without an answer"
REFUSED = "could not connect: Connection refused"
TIMED_OUT = "no whole answer within 30 s"
READ_TIMEOUT = 30.0

Outcome = tuple[float, str]
"""Seconds that an answer took, and why it failed; empty when it did not."""
Trouble = Callable[[float, float, float, str, Outcome, Random], Outcome]


def stopped(now: float, begin: float, end: float, route: str, usual: Outcome, rng: Random) -> Outcome:
    return end - now + usual[0], usual[1]


def away(now: float, begin: float, end: float, route: str, usual: Outcome, rng: Random) -> Outcome:
    return 0.001, REFUSED


def hanging(now: float, begin: float, end: float, route: str, usual: Outcome, rng: Random) -> Outcome:
    return READ_TIMEOUT, TIMED_OUT


def status(code: int, share: float = 1.0, only: str = "") -> Trouble:
    def trouble(now: float, begin: float, end: float, route: str, usual: Outcome, rng: Random) -> Outcome:
        hit = (not only or route == only) and rng.random() < share
        return (usual[0], f"expected status 200, got {code}") if hit else usual

    return trouble


def dropped(now: float, begin: float, end: float, route: str, usual: Outcome, rng: Random) -> Outcome:
    return (0.001, CLOSED) if rng.random() < 0.3 else usual


def delayed(by: float, share: float = 1.0, only: str = "") -> Trouble:
    def trouble(now: float, begin: float, end: float, route: str, usual: Outcome, rng: Random) -> Outcome:
        hit = (not only or route == only) and rng.random() < share
        return (usual[0] + by, usual[1]) if hit else usual

    return trouble


def growing(now: float, begin: float, end: float, route: str, usual: Outcome, rng: Random) -> Outcome:
    """Slower by a tenth of a second with each second, as when connections leak from a pool."""
    return usual[0] + (now - begin) / 10, usual[1]


ONE = "/route/3"
PLANTED: dict[str, tuple[Trouble, str]] = {
    "stopped, then goes on (SIGSTOP)": (stopped, "silent"),
    "away: connections refused": (away, "away"),
    "hangs: no answer within 30 s": (hanging, "hanging"),
    "answers 503 to all": (status(503), "failing"),
    "answers 500 to a fifth": (status(500, 0.2), "failing"),
    "answers 500 on one route of ten": (status(500, only=ONE), "failing"),
    "refuses a third (429)": (status(429, 0.33), "refusing"),
    "refuses all tokens (403)": (status(403), "refusing"),
    "drops three connections of ten": (dropped, "away"),
    "0.5 s slower": (delayed(0.5), "slow"),
    "1 s slower on one route of ten": (delayed(1.0, only=ONE), "slow"),
    "2 s slower for a fifth": (delayed(2.0, 0.2), "slow"),
    "slower by 0.1 s each second": (growing, "slow"),
}


@dataclass(frozen=True)
class Planted:
    trouble: Trouble
    begin: float
    end: float


def simulate(users: int, seed: int, planted: Planted | None = None) -> list[Incident]:
    """The incidents that the suite finds in a run of two minutes."""
    rng = Random(seed)
    now = float(START)
    store = MetricsStore(lambda: now)
    rows: defaultdict[tuple[int, str, str, str], tuple[Counter[int], Counter[int]]]
    rows = defaultdict(lambda: (Counter(), Counter()))
    for at, route, (took, text) in _answers(users, rng, planted):
        second, microseconds = START + int(at), rounded(round(took * 1e6))
        rows[second, "patient", "GET", route][1 if text else 0][microseconds] += 1
        if text:
            rows[second, f"GET {route}", SAID, text][1][microseconds] += 1
    for second in range(SECONDS):
        rows[START + second, "", LAG, "generator"][0].update(rng.randrange(4000) for _ in range(20))
    for second in range(SECONDS):
        now = START + second + 0.9
        store.saw_users(min(users, round(users * (second + 1) / RAMP)))
        if second == RAMP:
            store.reached_its_users()
    now = START + SECONDS
    store.is_stopping()
    store.add([[*row, *([*chain(*count.items())] for count in counts)] for row, counts in sorted(rows.items())])
    return incidents_of(store, LoadPlan())


def _answers(users: int, rng: Random, planted: Planted | None) -> Iterator[tuple[float, str, Outcome]]:
    """When each answer came, to which route, and how it was."""
    hiccups = list(_hiccups(rng))
    pauses: defaultdict[int, float] = defaultdict(lambda: 1.0)
    turns = [(number * RAMP / users, number) for number in range(users)]
    while turns:
        now, user = heapq.heappop(turns)
        if now >= SECONDS:
            continue
        route = rng.choice(list(ROUTES))
        outcome = _usual(now, route, hiccups, rng)
        if planted is not None and planted.begin <= now < planted.end:
            outcome = planted.trouble(now, planted.begin, planted.end, route, outcome, rng)
        yield now + outcome[0], route, outcome
        pause = rng.uniform(1.0, 3.0)
        if outcome[1] in (REFUSED, CLOSED, TIMED_OUT) or "429" in outcome[1]:
            pause += pauses[user] * rng.uniform(0.5, 1.0)
            pauses[user] = min(2 * pauses[user], 30.0)
        else:
            pauses[user] = 1.0
        heapq.heappush(turns, (now + outcome[0] + pause, user))


def _usual(now: float, route: str, hiccups: Sequence[tuple[float, float]], rng: Random) -> Outcome:
    took = rng.lognormvariate(0, SCATTER) * ROUTES[route] / 1000
    for begin, end in hiccups:
        if begin < now + took and now < end:
            took = max(took, end - now + took / 2)
    return took, "expected status 200, got 500" if rng.random() < BACKGROUND_FAILURES else ""


def _hiccups(rng: Random) -> Iterator[tuple[float, float]]:
    at = rng.expovariate(1 / HICCUP_EVERY)
    while at < SECONDS:
        yield at, at + rng.uniform(*HICCUP_SECONDS)
        at += rng.expovariate(1 / HICCUP_EVERY)


@dataclass
class Score:
    """Of so many runs: in how many the planted incident was found, and alone, and how many seconds it was off."""

    runs: int = 0
    found: int = 0
    kind: int = 0
    others: int = 0
    begins: float = 0.0
    ends: float = 0.0

    def count(self, incidents: Sequence[Incident], planted: Planted, kind: str) -> None:
        hits = [one for one in incidents if one.after < planted.end + 3 and one.after + one.lasted > planted.begin]
        self.runs += 1
        self.others += len(incidents) - min(1, len(hits))
        if hits:
            self.found += 1
            self.kind += hits[0].kind == kind
            self.begins += abs(hits[0].after - planted.begin)
            self.ends += abs(hits[0].after + hits[0].lasted - planted.end)


def table(runs: int, quiet: int) -> list[str]:
    """For each kind of trouble and number of users, how often it was found."""
    lines = [
        "| planted, for 6 to 15 s | users | found | kind told right | others told | begin off by | end off by |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, (trouble, kind) in PLANTED.items():
        for users in (20, 100):
            score = Score()
            for seed in range(runs):
                rng = Random(f"{name}/{users}/{seed}")
                begin = rng.uniform(40, 60)
                planted = Planted(trouble, begin, begin + rng.uniform(6, 15))
                score.count(simulate(users, rng.randrange(1 << 30), planted), planted, kind)
            hits = max(1, score.found)
            lines.append(
                f"| {name} | {users} | {score.found} of {score.runs} | {score.kind} | {score.others} "
                f"| {score.begins / hits:.1f} s | {score.ends / hits:.1f} s |"
            )
    for users in (20, 100):
        raised = sum(len(simulate(users, seed)) for seed in range(quiet))
        lines.append(f"| nothing | {users} | {raised} in {quiet} quiet runs | | | | |")
    return lines


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.incident_simulation", description=__doc__)
    parser.add_argument("--runs", type=int, default=20, help="of each kind of trouble and number of users")
    parser.add_argument("--quiet", type=int, default=200, help="runs without trouble, for each number of users")
    parser.add_argument("--write", action="store_true", help=f"put the table into {PAGE.relative_to(ROOT)}")
    options = parser.parse_args()
    lines = table(options.runs, options.quiet)
    sys.stdout.write("\n".join(lines) + "\n")
    if options.write:
        put_between_markers(PAGE, "incidents", lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
